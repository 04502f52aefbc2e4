#include <algorithm>
#include <array>

#include "asl/jsonata/fault.h"

namespace pawl::asl::jsonata {
namespace {

struct Row {
  std::string_view code;
  std::string_view text;
};

// The codes are those of the reference implementation, as are the texts that people search for.
// S: syntax, T: type, D: dynamic, U: a limit was reached.
constexpr std::array rows = {
    Row{"D1001", "Number out of range: {{value}}"},
    Row{"D1002", "Cannot negate a non-numeric value: {{value}}"},
    Row{"D1004", "Regular expression matches zero length string"},
    Row{"D1009", "Multiple key definitions evaluate to same key: {{value}}"},
    Row{"D1013",
        "Object property names starting with _jsonata_ are reserved for internal "
        "use: {{value}}"},
    Row{"D2014",
        "The size of the sequence allocated by the range operator (..) must not "
        "exceed 1e7.  Attempted to allocate {{value}}."},
    Row{"D3001", "Attempting to invoke string function on Infinity or NaN"},
    Row{"D3010", "Second argument of replace function cannot be an empty string"},
    Row{"D3011", "Fourth argument of replace function must evaluate to a positive number"},
    Row{"D3012", "Attempted to replace a matched string with a non-string value"},
    Row{"D3020", "Third argument of split function must evaluate to a positive number"},
    Row{"D3030", "Unable to cast value to a number: {{value}}"},
    Row{"D3040", "Third argument of match function must evaluate to a positive number"},
    Row{"D3050",
        "The second argument of reduce function must be a function with at least two "
        "arguments"},
    Row{"D3060", "The sqrt function cannot be applied to a negative number: {{value}}"},
    Row{"D3061",
        "The power function has resulted in a value that cannot be represented as a "
        "JSON number: base={{value}}, exponent={{exp}}"},
    Row{"D3070",
        "The single argument form of the sort function can only be applied to an "
        "array of strings or an array of numbers.  Use the second argument to "
        "specify a comparison function"},
    Row{"D3080", "The picture string must only contain a maximum of two sub-pictures"},
    Row{"D3081",
        "The sub-picture must not contain more than one instance of the "
        "'decimal-separator' character"},
    Row{"D3082",
        "The sub-picture must not contain more than one instance of the 'percent' "
        "character"},
    Row{"D3083",
        "The sub-picture must not contain more than one instance of the 'per-mille' "
        "character"},
    Row{"D3084",
        "The sub-picture must not contain both a 'percent' and a 'per-mille' "
        "character"},
    Row{"D3085",
        "The mantissa part of a sub-picture must contain at least one character that "
        "is either an 'optional digit character' or a member of the 'decimal digit "
        "family'"},
    Row{"D3086",
        "The sub-picture must not contain a passive character that is preceded by an "
        "active character and that is followed by another active character"},
    Row{"D3087",
        "The sub-picture must not contain a 'grouping-separator' character that "
        "appears adjacent to a 'decimal-separator' character"},
    Row{"D3088",
        "The sub-picture must not contain a 'grouping-separator' at the end of the "
        "integer part"},
    Row{"D3089",
        "The sub-picture must not contain two adjacent instances of the "
        "'grouping-separator' character"},
    Row{"D3090",
        "The integer part of the sub-picture must not contain a member of the "
        "'decimal digit family' that is followed by an instance of the 'optional "
        "digit character'"},
    Row{"D3091",
        "The fractional part of the sub-picture must not contain an instance of the "
        "'optional digit character' that is followed by a member of the 'decimal "
        "digit family'"},
    Row{"D3092",
        "A sub-picture that contains a 'percent' or 'per-mille' character must not "
        "contain a character treated as an 'exponent-separator'"},
    Row{"D3093",
        "The exponent part of the sub-picture must comprise only of one or more "
        "characters that are members of the 'decimal digit family'"},
    Row{"D3100",
        "The radix of the formatBase function must be between 2 and 36.  It was "
        "given {{value}}"},
    Row{"D3110",
        "The argument of the toMillis function must be an ISO 8601 formatted "
        "timestamp. Given {{value}}"},
    Row{"D3120", "Syntax error in expression passed to function eval: {{value}}"},
    Row{"D3121", "Dynamic error evaluating the expression passed to function eval: {{value}}"},
    Row{"D3130",
        "Formatting or parsing an integer as a sequence starting with {{value}} is "
        "not supported by this implementation"},
    Row{"D3131", "In a decimal digit pattern, all digits must be from the same decimal group"},
    Row{"D3132", "Unknown component specifier {{value}} in date/time picture string"},
    Row{"D3133",
        "The 'name' modifier can only be applied to months and days in the date/time "
        "picture string, not {{value}}"},
    Row{"D3134", "The timezone integer format specifier cannot have more than four digits"},
    Row{"D3135", "No matching closing bracket ']' in date/time picture string"},
    Row{"D3136",
        "The date/time picture string is missing specifiers required to parse the "
        "timestamp"},
    Row{"D3137", "{{{message}}}"},
    Row{"D3138",
        "The $single() function expected exactly 1 matching result.  Instead it "
        "matched more."},
    Row{"D3139",
        "The $single() function expected exactly 1 matching result.  Instead it "
        "matched 0."},
    Row{"D3140", "Malformed URL passed to ${{{functionName}}}(): {{value}}"},
    Row{"D3141", "{{{message}}}"},
    Row{"S0101", "String literal must be terminated by a matching quote"},
    Row{"S0102", "Number out of range: {{token}}"},
    Row{"S0103", "Unsupported escape sequence: \\{{token}}"},
    Row{"S0104", "The escape sequence \\u must be followed by 4 hex digits"},
    Row{"S0105", "Quoted property name must be terminated with a backquote (`)"},
    Row{"S0106", "Comment has no closing tag"},
    Row{"S0201", "Syntax error: {{token}}"},
    Row{"S0202", "Expected {{value}}, got {{token}}"},
    Row{"S0203", "Expected {{value}} before end of expression"},
    Row{"S0204", "Unknown operator: {{token}}"},
    Row{"S0205", "Unexpected token: {{token}}"},
    Row{"S0206", "Unknown expression type: {{token}}"},
    Row{"S0207", "Unexpected end of expression"},
    Row{"S0208",
        "Parameter {{value}} of function definition must be a variable name (start "
        "with $)"},
    Row{"S0209", "A predicate cannot follow a grouping expression in a step"},
    Row{"S0210", "Each step can only have one grouping expression"},
    Row{"S0211", "The symbol {{token}} cannot be used as a unary operator"},
    Row{"S0212", "The left side of := must be a variable name (start with $)"},
    Row{"S0213",
        "The literal value {{value}} cannot be used as a step within a path "
        "expression"},
    Row{"S0214", "The right side of {{token}} must be a variable name (start with $)"},
    Row{"S0215", "A context variable binding must precede any predicates on a step"},
    Row{"S0216", "A context variable binding must precede the 'order-by' clause on a step"},
    Row{"S0217", "The object representing the 'parent' cannot be derived from this expression"},
    Row{"S0301", "Empty regular expressions are not allowed"},
    Row{"S0302", "No terminating / in regular expression"},
    Row{"S0303", "Invalid regular expression: {{{message}}}"},
    Row{"S0401", "Type parameters can only be applied to functions and arrays"},
    Row{"S0402", "Choice groups containing parameterized types are not supported"},
    Row{"T0410", "Argument {{index}} of function {{token}} does not match function signature"},
    Row{"T0411",
        "Context value is not a compatible type with argument {{index}} of function "
        "{{token}}"},
    Row{"T0412", "Argument {{index}} of function {{token}} must be an array of {{type}}"},
    Row{"T1003", "Key in object structure must evaluate to a string; got: {{value}}"},
    Row{"T1005", "Attempted to invoke a non-function. Did you mean ${{{token}}}?"},
    Row{"T1006", "Attempted to invoke a non-function"},
    Row{"T1007", "Attempted to partially apply a non-function. Did you mean ${{{token}}}?"},
    Row{"T1008", "Attempted to partially apply a non-function"},
    Row{"T1010",
        "The matcher function argument passed to function {{token}} does not return "
        "the correct object structure"},
    Row{"T2001", "The left side of the {{token}} operator must evaluate to a number"},
    Row{"T2002", "The right side of the {{token}} operator must evaluate to a number"},
    Row{"T2003", "The left side of the range operator (..) must evaluate to an integer"},
    Row{"T2004", "The right side of the range operator (..) must evaluate to an integer"},
    Row{"T2006", "The right side of the function application operator ~> must be a function"},
    Row{"T2007",
        "Type mismatch when comparing values {{value}} and {{value2}} in order-by "
        "clause"},
    Row{"T2008",
        "The expressions within an order-by clause must evaluate to numeric or "
        "string values"},
    Row{"T2009",
        "The values {{value}} and {{value2}} either side of operator {{token}} must "
        "be of the same data type"},
    Row{"T2010",
        "The expressions either side of operator {{token}} must evaluate to numeric "
        "or string values"},
    Row{"T2011",
        "The insert/update clause of the transform expression must evaluate to an "
        "object: {{value}}"},
    Row{"T2012",
        "The delete clause of the transform expression must evaluate to a string or "
        "array of strings: {{value}}"},
    Row{"T2013",
        "The transform expression clones the input object using the $clone() "
        "function.  This has been overridden in the current scope by a non-function."},
    Row{"U1001", "{{{message}}}"},
};

}  // namespace

std::string_view message_template(std::string_view code) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.code == code; });
  return found == rows.end() ? std::string_view() : found->text;
}

}  // namespace pawl::asl::jsonata
