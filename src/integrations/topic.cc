#include "integrations/topic.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace pawl::integrations {
namespace {

using json::Value;

constexpr Dialect sns{"SNS", "AmazonSNS", "AmazonSNSException"};

constexpr std::array<std::string_view, 8> text_parameters{"TopicArn",
                                                          "TargetArn",
                                                          "PhoneNumber",
                                                          "Message",
                                                          "MessageStructure",
                                                          "MessageGroupId",
                                                          "MessageDeduplicationId",
                                                          "Subject"};
constexpr std::array<std::string_view, 3> attribute_members{"DataType", "StringValue",
                                                            "BinaryValue"};

class Form {
 public:
  void add(std::string_view name, std::string_view value) {
    text_ += concat(text_.empty() ? "" : "&", name, "=", http::encode_percent(value));
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

asl::Failure unsupported(std::string_view parameter) {
  return {"States.Runtime",
          concat("The parameter ", parameter, " of sns:publish, or its value, is not supported")};
}

// {"name": {"DataType": "String", "StringValue": "x"}}, numbered from 1.
asl::Outcome<Value> add_attributes(Form& form, const Value& attributes) {
  if (!attributes.is_object()) return unsupported("MessageAttributes");
  int number = 0;
  for (const auto& [name, attribute] : attributes.members()) {
    const std::string entry = concat("MessageAttributes.entry.", ++number);
    form.add(entry + ".Name", name);
    if (!attribute.is_object()) return unsupported(concat("MessageAttributes.", name));
    for (const auto& [member, value] : attribute.members()) {
      const bool is_known = std::find(attribute_members.begin(), attribute_members.end(), member) !=
                            attribute_members.end();
      if (!is_known) return unsupported(concat("MessageAttributes.", name, ".", member));
      form.add(concat(entry, ".Value.", member), as_text(value).string());
    }
  }
  return Value();
}

// The text of the first such element; empty where there is none.
std::string element(std::string_view xml, std::string_view name) {
  const std::string open = concat("<", name, ">"), close = concat("</", name, ">");
  const size_t begin = xml.find(open);
  if (begin == xml.npos) return {};
  const size_t end = xml.find(close, begin);
  if (end == xml.npos) return {};
  std::string text(xml.substr(begin + open.size(), end - begin - open.size()));
  for (const auto& [escape, character] :
       {std::pair("&lt;", "<"), std::pair("&gt;", ">"), std::pair("&quot;", "\""),
        std::pair("&apos;", "'"), std::pair("&amp;", "&")})
    text = replace_all(text, escape, character);
  return text;
}

Outcome read_answer(const http::Response& response) {
  const std::string& xml = response.body;
  if (response.status >= 300)
    return failure(sns, Fault{element(xml, "Code"), element(xml, "Message"), response.status,
                              element(xml, "RequestId")});
  auto output = Value::object({{"MessageId", element(xml, "MessageId")}});
  if (const auto number = element(xml, "SequenceNumber"); !number.empty())
    output = output.with("SequenceNumber", number);
  return with_metadata(output, response);
}

}  // namespace

asl::Outcome<Call> publish(const Order& order) {
  Form form;
  form.add("Action", "Publish");
  form.add("Version", "2010-03-31");
  for (const auto& [name, value] :
       order.task.input.is_object() ? order.task.input.members() : std::span<const Value::Member>())
    if (value.is_null()) {
      continue;
    } else if (name == "MessageAttributes") {
      (void)TRY(add_attributes(form, value));
    } else if (std::find(text_parameters.begin(), text_parameters.end(), name) !=
               text_parameters.end()) {
      form.add(name, as_text(value).string());
    } else {
      return unsupported(name);
    }
  return Call{.request = {.method = "POST",
                          .url = order.endpoint + "/",
                          .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                          .body = form.take()},
              .signing_name = "sns",
              .dialect = sns,
              .read = read_answer};
}

}  // namespace pawl::integrations
