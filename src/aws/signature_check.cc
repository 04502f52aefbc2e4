#include "aws/signature_check.h"

#include <algorithm>

#include "aws/signature.h"
#include "base/hash.h"
#include "base/text.h"

namespace pawl::aws {
namespace {

Error refused(std::string_view name, std::string_view message) {
  return Error(ErrorCode::permission_denied, concat(name, ": ", message));
}

Error incomplete(std::string_view message) {
  return refused("IncompleteSignatureException", message);
}

Error invalid(std::string_view message) { return refused("InvalidSignatureException", message); }

// What the header of the signature says.
struct Claim {
  std::string access_key_id;
  Scope scope;
  std::vector<std::string> signed_headers;
  std::string signature;
  std::string time;
};

// The value of "<name>=" among the members of the header; empty where absent.
std::string_view member(std::string_view header, std::string_view name) {
  for (std::string_view piece : split(header, ',')) {
    piece = trim(piece);
    if (piece.starts_with(name) && piece.substr(name.size()).starts_with('='))
      return piece.substr(name.size() + 1);
  }
  return {};
}

// <key id>/<date>/<region>/<service>/aws4_request; a key id may have slashes in it.
Result<void> read_credential(std::string_view credential, Claim& claim) {
  const auto pieces = split(credential, '/');
  const size_t count = pieces.size();
  if (count < 5)
    return incomplete(
        concat("Credential must have exactly 5 slash-delimited elements, e.g. "
               "keyid/date/region/service/term, got '",
               credential, "'"));
  if (pieces[count - 1] != "aws4_request")
    return invalid(
        concat("Credential should be scoped with a valid terminator: 'aws4_request', "
               "not '",
               pieces[count - 1], "'."));
  claim.scope = {std::string(pieces[count - 4]), std::string(pieces[count - 3]),
                 std::string(pieces[count - 2])};
  const size_t rest = claim.scope.text().size() + 1;
  claim.access_key_id = credential.substr(0, credential.size() - rest);
  return {};
}

Result<Claim> read_claim(const http::Request& request) {
  std::string_view header = trim(request.header("Authorization"));
  if (header.empty())
    return refused("MissingAuthenticationTokenException", "Missing Authentication Token");
  const bool is_known = header.starts_with(concat(signature_algorithm, " "));
  if (is_known) header.remove_prefix(signature_algorithm.size() + 1);
  std::string missing;
  for (const std::string_view name : {"Credential", "Signature", "SignedHeaders"})
    if (!is_known || member(header, name).empty())
      missing += concat("Authorization header requires '", name, "' parameter. ");
  Claim claim;
  claim.time = request.header("X-Amz-Date");
  if (claim.time.empty()) claim.time = request.header("Date");
  if (claim.time.empty())
    missing +=
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  if (!missing.empty()) return incomplete(trim(missing));
  TRY(read_credential(member(header, "Credential"), claim));
  for (const std::string_view name : split(member(header, "SignedHeaders"), ';'))
    claim.signed_headers.push_back(lower(name));
  claim.signature = member(header, "Signature");
  return claim;
}

// "20261121T021804Z".
std::optional<Instant> parse_signing_time(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T') return std::nullopt;
  const auto at = [&](size_t begin, size_t count) { return text.substr(begin, count); };
  return parse_instant(concat(at(0, 4), "-", at(4, 2), "-", at(6, 2), "T", at(9, 2), ":", at(11, 2),
                              ":", at(13, 3)));
}

// " - 5 min.", " + 90 s."
std::string in_words(char sign, Duration skew) {
  const auto whole = std::chrono::duration_cast<seconds>(skew).count();
  return whole % 60 == 0 ? concat(" ", sign, " ", whole / 60, " min.")
                         : concat(" ", sign, " ", whole, " s.");
}

Result<void> check_time(const Claim& claim, Instant now, Duration skew_max) {
  const auto time = parse_signing_time(claim.time);
  if (!time)
    return incomplete(concat("Date must be in ISO-8601 'basic format'. Got '", claim.time,
                             "'. See http://en.wikipedia.org/wiki/ISO_8601"));
  if (!claim.time.starts_with(claim.scope.date) || claim.scope.date.size() != 8)
    return invalid(
        concat("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date "
               "from HTTP: '",
               claim.scope.date, "' != '", claim.time.substr(0, 8), "', from '", claim.time, "'."));
  if (*time < now - skew_max)
    return invalid(concat("Signature expired: ", claim.time, " is now earlier than ",
                          signing_time(now - skew_max), " (", signing_time(now),
                          in_words('-', skew_max), ")"));
  if (*time > now + skew_max)
    return invalid(concat("Signature not yet current: ", claim.time, " is still later than ",
                          signing_time(now + skew_max), " (", signing_time(now),
                          in_words('+', skew_max), ")"));
  return {};
}

// What is not signed can be altered: the operation above all.
Result<void> check_signed_headers(const http::Request& request, const Claim& claim) {
  const auto is_signed = [&](const std::string& name) {
    const auto& names = claim.signed_headers;
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (!is_signed("host"))
    return invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  for (const http::Header& header : request.headers) {
    const std::string name = lower(header.name);
    if (name.starts_with("x-amz-") && !is_signed(name))
      return invalid(concat("'", name, "' must be a 'SignedHeader' in the AWS Authorization."));
  }
  return {};
}

}  // namespace

Result<void> check_signature(const http::Request& request, const KeyRing& keys, Instant now,
                             Duration skew_max) {
  const Claim claim = TRY(read_claim(request));
  const auto key = keys.find(claim.access_key_id);
  // There are no temporary credentials here, so that a token belongs to keys of elsewhere.
  if (key == keys.end() || !request.header("X-Amz-Security-Token").empty())
    return refused("UnrecognizedClientException",
                   "The security token included in the request is invalid.");
  TRY(check_time(claim, now, skew_max));
  TRY(check_signed_headers(request, claim));
  const std::string canonical =
      canonical_request(request, {claim.scope.service, claim.signed_headers, sha256(request.body)});
  const std::string expected = signature(key->second, {claim.time, claim.scope, canonical});
  if (equal_in_constant_time(expected, claim.signature)) return {};
  return invalid(
      "The request signature we calculated does not match the signature you provided. Check your "
      "AWS Secret Access Key and signing method. Consult the service documentation for details.");
}

}  // namespace pawl::aws
