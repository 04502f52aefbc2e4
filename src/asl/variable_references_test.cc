#include "asl/variable_references.h"

#include <gmock/gmock.h>

#include "asl/parse.h"

namespace pawl::asl {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(variable_references, are_found_in_every_field_and_stand_under_the_state_that_reads) {
  const auto parsed = parse_definition(R"json({"StartAt": "P", "States": {
    "P": {"Type": "Pass", "Next": "C", "Assign": {"new.$": "States.MathAdd($old, $.n)"},
      "Parameters": {"a": [{"b.$": "$deep[0].c"}], "text": "$no"}},
    "C": {"Type": "Choice", "Default": "M", "Choices": [
      {"Not": {"Variable": "$left", "NumericLessThanPath": "$right.x"}, "Next": "M"}]},
    "M": {"Type": "Map", "End": true, "ItemsPath": "$items", "MaxConcurrencyPath": "$most",
      "ItemProcessor": {"StartAt": "W", "States": {
        "W": {"Type": "Wait", "SecondsPath": "$pause", "Next": "S"}, "S": {"Type": "Succeed"}}}}
    }})json");
  ASSERT_NE(parsed.machine, nullptr);
  EXPECT_THAT(
      variable_references(*parsed.machine),
      ElementsAre(Pair("C", ElementsAre("left", "right")), Pair("M", ElementsAre("items", "most")),
                  Pair("P", ElementsAre("deep", "old")), Pair("W", ElementsAre("pause"))));
}

}  // namespace
}  // namespace pawl::asl
