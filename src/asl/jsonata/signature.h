#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "asl/jsonata/fault.h"
#include "asl/jsonata/value/arguments.h"
#include "asl/jsonata/value/cells.h"
#include "asl/jsonata/value/item.h"
#include "base/result.h"

namespace pawl::asl::jsonata {

// What a function takes: "<s-nn?:s>".
//
//   signature = "<" { parameter } [ ":" result ] ">"
//   parameter = ( type | "(" types ")" ) { "-" | "?" | "+" }
//   type      = s n b l o (text, number, boolean, null, object) | a f [ "<" subtype ">" ]
//             | j (any JSON) | x (anything)
//
// "-" takes the context where the argument is missing, "?" may be left out, "+" may come again.
class Signature {
 public:
  static Result<Signature, Fault> parse(std::string_view text);

  // Puts the arguments in the places of the parameters: the context where it stands in, a single
  // value as an array where one is wanted. A fault has no token yet.
  std::optional<Fault> fit(Arguments& arguments, const Item& context, Heap& heap) const;

 private:
  struct Parameter {
    uint32_t accepts = 0;  // a bit for each symbol of a type
    char type = 'x';
    std::string subtype;
    bool takes_context = false;
    bool is_optional = false;
    bool repeats = false;

    bool takes(char symbol) const { return (accepts >> (symbol - 'a') & 1) != 0; }
  };

  // The usual case: one argument for each of the first parameters, the others may be left out.
  bool fits_in_order(const Arguments& arguments) const;
  std::optional<Fault> fit_in_order(Arguments& arguments, const Item& context, Heap& heap) const;
  bool match(std::string_view symbols, size_t first, size_t last, bool is_whole,
             std::vector<size_t>& counts) const;
  std::optional<Fault> place(const Parameter& parameter, Item& argument, size_t index,
                             Heap& heap) const;
  Fault mismatch(std::string_view symbols) const;

  std::vector<Parameter> parameters_;
};

}  // namespace pawl::asl::jsonata
