#include <set>

#include "asl/parse/read.h"
#include "base/text.h"

// Assign, and which names it may give values to.
namespace pawl::asl::parse {
namespace {

using json::Value;

constexpr size_t name_length_max = 80;

// The name of a variable that a member of Assign gives a value to.
std::string_view variable_of(std::string_view member, bool is_jsonata) {
  if (!is_jsonata && member.ends_with(".$")) member.remove_suffix(2);
  return member;
}

bool is_name(std::string_view name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  if (name.empty() || !is_letter(name.front())) return false;
  for (const char c : name)
    if (!is_letter(c) && !(c >= '0' && c <= '9')) return false;
  return true;
}

size_t characters(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

void check_name(std::string_view name, const std::string& location, Findings& findings) {
  if (name == "states") return findings.schema(location, "The variable name 'states' is reserved");
  if (!is_name(name) || characters(name) > name_length_max)
    findings.schema(location, concat("The variable name '", name,
                                     "' must begin with a letter, hold only letters, digits and "
                                     "underscores, and have at most ",
                                     name_length_max, " characters"));
}

using Names = std::set<std::string, std::less<>>;

void add_names(const Value& holder, bool is_jsonata, Names& names) {
  const Value assign = holder["Assign"];
  if (!assign.is_object()) return;
  for (const auto& member : assign.members()) names.emplace(variable_of(member.name, is_jsonata));
}

void add_names_of_state(const Value& state, bool is_jsonata, Names& names) {
  add_names(state, is_jsonata, names);
  for (const std::string_view list : {"Choices", "Catch"}) {
    const Value rules = state[list];
    if (!rules.is_array()) continue;
    for (const Value& rule : rules.elements()) add_names(rule, is_jsonata, names);
  }
}

// Walks down the scopes: what is assigned anywhere in one may not be assigned in those inside it.
class Scopes {
 public:
  Scopes(bool is_jsonata, Findings& findings) : is_jsonata_(is_jsonata), findings_(findings) {}

  void check(const Value& container, const std::string& location, const Names& around) {
    const Value states = container["States"];
    if (!states.is_object()) return;
    Names own = around;
    for (const auto& [name, state] : states.members()) {
      Names assigned;
      add_names_of_state(state, is_jsonata(state), assigned);
      for (const auto& variable : assigned)
        if (around.contains(variable))
          findings_.schema(concat(location, "/States/", name),
                           concat("The variable '", variable,
                                  "' is assigned in an outer scope and can not be assigned here"));
      own.merge(assigned);
    }
    for (const auto& [name, state] : states.members())
      check_inside(state, concat(location, "/States/", name), own);
  }

 private:
  bool is_jsonata(const Value& state) const {
    const auto language = state.string_at("QueryLanguage");
    return language ? *language == "JSONata" : is_jsonata_;
  }

  void check_inside(const Value& state, const std::string& location, const Names& around) {
    const Value branches = state["Branches"];
    if (branches.is_array())
      for (size_t at = 0; at < branches.size(); ++at)
        check(branches.elements()[at], concat(location, "/Branches[", at, "]"), around);
    for (const std::string_view field : {"ItemProcessor", "Iterator"}) {
      const Value processor = state[field];
      // A distributed Map runs executions of their own, which see nothing of this one.
      const bool is_alone = processor["ProcessorConfig"].string_at("Mode") == "DISTRIBUTED";
      check(processor, concat(location, "/", field), is_alone ? Names() : around);
    }
  }

  bool is_jsonata_;
  Findings& findings_;
};

}  // namespace

std::optional<Template> read_assign(Fields& fields) {
  const Value* assign = fields.object("Assign");
  if (assign == nullptr) return std::nullopt;
  for (const auto& member : assign->members())
    check_name(variable_of(member.name, fields.is_jsonata()), fields.location("Assign"),
               fields.findings());
  return fields.payload("Assign");
}

std::optional<Template> read_output(Fields& fields) {
  if (!fields.is_jsonata()) return std::nullopt;
  return fields.payload("Output");
}

void check_scopes(const Fields& machine, Findings& findings) {
  const bool is_jsonata = machine.object().string_at("QueryLanguage") == "JSONata";
  Scopes(is_jsonata, findings).check(machine.object(), "", {});
}

}  // namespace pawl::asl::parse
