#include "execution/record/values.h"

#include <gtest/gtest.h>

#include <random>

#include "json/write.h"

namespace pawl::execution {
namespace {

json::Value random_scalar(std::mt19937_64& chance) {
  const json::Value scalars[] = {nullptr,
                                 true,
                                 false,
                                 0,
                                 1,
                                 0.0,
                                 -0.0,
                                 1.0,
                                 "",
                                 "a",
                                 "a text of some length",
                                 json::Value::object(),
                                 json::Value::Array()};
  return scalars[chance() % std::size(scalars)];
}

json::Value random_object(std::mt19937_64& chance, int depth) {
  json::Value::Object members;
  for (char name = 'a'; name < 'g'; ++name) {
    const bool is_deep = depth > 0 && chance() % 3 == 0;
    members.push_back(
        {std::string(1, name), is_deep ? random_object(chance, depth - 1) : random_scalar(chance)});
  }
  return members;
}

// With some members set or added, here or further down.
json::Value changed(std::mt19937_64& chance, const json::Value& value) {
  json::Value now = value;
  for (uint64_t count = 1 + chance() % 2; count > 0; --count) {
    const std::string name(1, static_cast<char>('a' + chance() % 8));
    const json::Value old = now[name];
    const bool goes_on = old.is_object() && old.size() > 0;
    now = now.with(name, goes_on ? changed(chance, old) : random_scalar(chance));
  }
  return now;
}

// The text tells 1 from 1.0, and 0.0 from -0.0, which equality does not.
TEST(values, are_read_as_they_were_written_whatever_they_change_of_their_base) {
  for (uint64_t seed = 1; seed <= 3000; ++seed) {
    std::mt19937_64 chance(seed);
    const json::Value base = random_object(chance, 2), value = changed(chance, base);
    ByteWriter out;
    KnownValues written, read;
    write_value(out, written, value, base);
    ByteReader in(out.bytes());
    const json::Value again = read_value(in, read, base);
    ASSERT_FALSE(in.is_broken()) << seed;
    ASSERT_EQ(json::write(again), json::write(value)) << seed;
  }
}

}  // namespace
}  // namespace pawl::execution
