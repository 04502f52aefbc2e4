#include "slurm_cluster.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

#include "base/text.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

constexpr const char* memory_groups = "/sys/fs/cgroup/memory";
constexpr const char* path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

world::Program shell(const std::string& commands) {
  world::Program program;
  program.arguments = {"/bin/sh", "-c", commands};
  program.environment = {path};
  return program;
}

bool is_installed(const std::string& name) {
  const world::Cancellation never;
  const auto exit = world::OsProcesses().run(shell("command -v " + name), minutes(1), never);
  return exit && exit->status == 0;
}

// A port that nobody had a moment ago, and its socket, to keep others from being given the same.
struct Port {
  Port() : socket(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    CHECK(::bind(socket.number(), generic, size) == 0);
    CHECK(::getsockname(socket.number(), generic, &size) == 0);
    number = ntohs(address.sin_port);
  }
  world::FileDescriptor socket;
  int number = 0;
};

std::string host_name() {
  char host[256] = {};
  CHECK(::gethostname(host, sizeof host - 1) == 0);
  return std::string(std::string_view(host).substr(0, std::string_view(host).find('.')));
}

// For %D the directory, %H the host.
constexpr std::string_view common_configuration = R"(ClusterName=test
SlurmctldHost=%H(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=%D/munge/socket
CredType=cred/munge
StateSaveLocation=%D/state
SlurmdSpoolDir=%D/spool
SlurmctldPidFile=%D/slurmctld.pid
SlurmdPidFile=%D/slurmd.pid
SlurmctldLogFile=%D/slurmctld.log
SlurmdLogFile=%D/slurmd.log
ProctrackType=proctrack/linuxproc
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=bf_interval=1,sched_interval=1,batch_sched_delay=0
MinJobAge=2
KillWait=2
SlurmdTimeout=5
ReturnToService=2
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
SlurmdParameters=config_overrides
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
)";

constexpr std::string_view memory_configuration = R"(CgroupPlugin=cgroup/v1
CgroupMountpoint=/sys/fs/cgroup
CgroupAutomount=no
ConstrainRAMSpace=yes
ConstrainSwapSpace=yes
)";

void write(const std::string& file, std::string_view text, mode_t mode = 0644) {
  CHECK(world::write_file_atomically(file, text, mode).has_value());
}

void end(pid_t& pid, int signal) {
  if (pid == 0) return;
  ::kill(pid, signal);
  comes_true([&] { return ::kill(pid, 0) != 0; });
  pid = 0;
}

}  // namespace

std::string SlurmCluster::missing() {
  if (::geteuid() != 0) return "root is missing: a Slurm of the test's own needs it";
  for (const char* program : {"munged", "slurmctld", "slurmd", "sbatch"})
    if (!is_installed(program)) return concat(program, " is missing: script/bootstrap installs it");
  return "";
}

bool SlurmCluster::can_limit_memory() { return world::is_directory(memory_groups); }

SlurmCluster::SlurmCluster(Memory memory) {
  char directory[] = "/tmp/pawl-slurm-XXXXXX";
  CHECK(::mkdtemp(directory) != nullptr);
  CHECK(::chmod(directory, 0755) == 0);  // Munge wants its socket to be reached by all.
  directory_ = directory;
  configure(memory);
  munged_ = start({"munged", "--foreground", "--key-file=" + path_of("munge.key"),
                   "--socket=" + path_of("munge/socket"), "--pid-file=" + path_of("munge/pid"),
                   "--log-file=" + path_of("munge/log"), "--seed-file=" + path_of("munge/seed")});
  CHECK(comes_true([&] { return world::exists(path_of("munge/socket")); }));
  start_controller();
  node_ = start({"slurmd", "-D"});
  CHECK(comes_true([&] { return ask("sinfo --noheader --format=%T").starts_with("idle"); }));
}

SlurmCluster::~SlurmCluster() {
  ask("scancel --me");
  comes_true([&] { return ask("squeue --noheader").empty(); });
  for (pid_t* pid : {&node_, &controller_, &munged_}) end(*pid, SIGTERM);
  if (::testing::Test::HasFailure()) return;
  static_cast<void>(world::remove_tree(directory_));
}

void SlurmCluster::configure(Memory memory) const {
  for (const char* name : {"state", "spool", "munge", "shared", "logs"})
    CHECK(world::make_directories(path_of(name), 0755).has_value());
  const Port controller, node;
  std::string text = replace_all(common_configuration, "%D", directory_);
  text = replace_all(text, "%H", host_name());
  text += concat("SlurmctldPort=", controller.number, "\nSlurmdPort=", node.number, '\n');
  text += concat("MaxArraySize=", array_size, '\n');
  text += concat("TaskPlugin=", memory == Memory::limited ? "task/cgroup" : "task/none", '\n');
  text += concat("NodeName=", host_name(), " NodeAddr=127.0.0.1 CPUs=", processors,
                 " RealMemory=16000 State=UNKNOWN\n");
  write(configuration_file(), text);
  write(path_of("cgroup.conf"), memory_configuration);
  write(path_of("munge.key"), std::string(1024, 'k'), 0400);
}

pid_t SlurmCluster::start(const std::vector<std::string>& arguments) {
  world::Program program;
  program.arguments = {"env", path, "SLURM_CONF=" + configuration_file()};
  program.arguments.insert(program.arguments.end(), arguments.begin(), arguments.end());
  const auto pid = processes_.start_detached(program, path_of(arguments[0] + ".out"));
  CHECK(pid.has_value());
  return *pid;
}

void SlurmCluster::start_controller() { controller_ = start({"slurmctld", "-D"}); }

void SlurmCluster::kill_controller() { end(controller_, SIGKILL); }

void SlurmCluster::wait_until_saved() {
  touch("before-saving");
  const std::string is_newer =
      concat("[ ", path_of("state/job_state"), " -nt ", shared(), "/before-saving ] && echo saved");
  CHECK(comes_true([&] { return ask(is_newer) == "saved\n"; }));
}

void SlurmCluster::forget_jobs() {
  kill_controller();
  CHECK(world::remove_tree(path_of("state")).has_value());
  CHECK(world::make_directories(path_of("state"), 0755).has_value());
  start_controller();
}

void SlurmCluster::lose_node(const std::vector<pid_t>& running) {
  end(node_, SIGKILL);
  for (const pid_t pid : running) ::kill(pid, SIGKILL);
}

void SlurmCluster::touch(const std::string& name) const { write(shared() + "/" + name, ""); }

std::string SlurmCluster::ask(const std::string& commands) const {
  world::Program program = shell(commands);
  program.environment.push_back("SLURM_CONF=" + configuration_file());
  const auto exit = world::OsProcesses().run(program, minutes(1), never_);
  return exit ? exit->output : "";
}

}  // namespace pawl::executors
