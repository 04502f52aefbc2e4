#include "daemon/access_keys.h"

#include "base/text.h"
#include "daemon/table_reader.h"
#include "world/files.h"

namespace pawl::daemon {
namespace {

using Problems = std::vector<ConfigProblem>;

AccessKey read_key(const TomlMember& member, Problems& problems) {
  const auto& [owner, node] = member;
  AccessKey key{owner, {}};
  if (node.kind != TomlNode::Kind::table) {
    problems.push_back({node.line, concat(owner, " must be a table")});
    return key;
  }
  TableReader reader(node, owner, problems);
  reader.text("access_key_id", key.credentials.access_key_id);
  reader.text("secret_access_key", key.credentials.secret_access_key);
  if (key.credentials.access_key_id.empty()) reader.complain("access_key_id", "is missing");
  if (key.credentials.secret_access_key.empty()) reader.complain("secret_access_key", "is missing");
  return key;
}

}  // namespace

Result<std::vector<AccessKey>> read_access_keys(const std::string& file) {
  const auto text = TRY(world::read_private_file(file, "credentials file"));
  const auto root = parse_toml(text, file);
  // The parser's own words may quote the text.
  if (!root)
    return Error(ErrorCode::invalid_argument, concat("the credentials file ", file, " is no TOML"));
  Problems problems;
  std::vector<AccessKey> keys;
  for (const TomlMember& member : root->members) keys.push_back(read_key(member, problems));
  if (keys.empty()) problems.push_back({1, "there is no key in it"});
  aws::KeyRing ring;
  for (const AccessKey& key : keys)
    if (!ring.emplace(key.credentials.access_key_id, key.owner).second)
      problems.push_back({1, concat(key.owner, " and ", ring.at(key.credentials.access_key_id),
                                    " have the same access_key_id")});
  if (!problems.empty()) return problems_error(file, problems);
  return keys;
}

Result<std::vector<AccessKey>> configured_keys(const Config& config) {
  if (config.credentials_file.empty()) return std::vector<AccessKey>();
  return read_access_keys(config.credentials_file);
}

aws::KeyRing key_ring(const std::vector<AccessKey>& keys) {
  aws::KeyRing ring;
  for (const auto& [owner, credentials] : keys)
    ring.emplace(credentials.access_key_id, credentials.secret_access_key);
  return ring;
}

}  // namespace pawl::daemon
