#include "restore/users/scram.h"

#include <libpq-fe.h>

#include <memory>

namespace pawl::restore {

Result<std::string> scram_verifier(const std::string& user, const std::string& password) {
  // libpq normalises the password as the client will (SASLprep), and wants a connection to put its
  // complaints into; one that was never begun will do.
  const std::unique_ptr<PGconn, decltype(&PQfinish)> nowhere(PQconnectStart("port=0"), &PQfinish);
  const std::unique_ptr<char, decltype(&PQfreemem)> verifier(
      PQencryptPasswordConn(nowhere.get(), password.c_str(), user.c_str(), "scram-sha-256"),
      &PQfreemem);
  if (verifier) return std::string(verifier.get());
  return Error(ErrorCode::failed, "the verifier of a password cannot be computed");
}

}  // namespace pawl::restore
