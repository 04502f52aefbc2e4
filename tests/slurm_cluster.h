#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>

#include "base/text.h"
#include "world/files.h"
#include "world/os_processes.h"

namespace pawl::executors {

// Waits until the condition holds; how long that takes decides nothing but a failure.
template <typename Condition>
bool comes_true(Condition condition) {
  for (int turn = 0; turn < 3000; ++turn) {
    if (condition()) return true;
    std::this_thread::sleep_for(milliseconds(20));
  }
  return false;
}

// A Slurm of one node, with munge, in a directory and on ports of its own. It has more processors
// than the machine: what the tests run mostly sleeps.
class SlurmCluster {
 public:
  static constexpr int array_size = 50;

  // Why there can be none here, or nothing.
  static std::string missing() {
    if (::geteuid() != 0) return "root is missing: a Slurm of the test's own needs it";
    for (const char* program : {"munged", "slurmctld", "slurmd", "sbatch"})
      if (!is_installed(program)) return concat(program, " is missing: script/bootstrap");
    return "";
  }

  // Whether Slurm stops what takes more memory than it asked for. One at a time on one machine:
  // the control groups have the numbers of the jobs.
  enum class Memory { unlimited, limited };
  static bool can_limit_memory() { return world::is_directory(memory_groups); }

  explicit SlurmCluster(Memory memory = Memory::unlimited) : memory_(memory) {
    char path[] = "/tmp/pawl-slurm-XXXXXX";
    CHECK(::mkdtemp(path) != nullptr);
    CHECK(::chmod(path, 0755) == 0);  // Munge wants its socket to be reached by all.
    directory_ = path;
    for (const char* name : {"state", "spool", "munge", "shared", "logs"})
      CHECK(world::make_directories(path_of(name), 0755).has_value());
    CHECK(world::write_file_atomically(path_of("munge.key"), std::string(1024, 'k'), 0400)
              .has_value());
    CHECK(world::write_file_atomically(path_of("slurm.conf"), configuration(), 0644).has_value());
    CHECK(world::write_file_atomically(path_of("cgroup.conf"),
                                       "CgroupPlugin=cgroup/v1\nCgroupMountpoint=/sys/fs/cgroup\n"
                                       "CgroupAutomount=no\nConstrainRAMSpace=yes\n"
                                       "ConstrainSwapSpace=yes\n",
                                       0644)
              .has_value());
    munged_ = start({"munged", "--foreground", "--key-file=" + path_of("munge.key"),
                     "--socket=" + path_of("munge/socket"), "--pid-file=" + path_of("munge/pid"),
                     "--log-file=" + path_of("munge/log"), "--seed-file=" + path_of("munge/seed")});
    CHECK(comes_true([&] { return world::exists(path_of("munge/socket")); }));
    start_controller();
    start_node();
    CHECK(comes_true([&] { return ask("sinfo --noheader --format=%T").starts_with("idle"); }));
  }
  SlurmCluster(const SlurmCluster&) = delete;
  ~SlurmCluster() {
    ask("scancel --me");
    comes_true([&] { return ask("squeue --noheader").empty(); });
    for (pid_t* pid : {&node_, &controller_, &munged_}) end(*pid, SIGTERM);
    if (::testing::Test::HasFailure()) return;
    static_cast<void>(world::remove_tree(directory_));
  }

  void start_controller() { controller_ = start({"slurmctld", "-D"}); }
  void kill_controller() { end(controller_, SIGKILL); }
  void start_node() { node_ = start({"slurmd", "-D"}); }

  // All that the controller knows now is known to the next one, too.
  void wait_until_saved() {
    touch("before-saving");
    CHECK(comes_true([&] {
      return ask(concat("[ ", path_of("state/job_state"), " -nt ", shared(),
                        "/before-saving ] && echo saved")) == "saved\n";
    }));
  }
  // The machine goes away: its daemon, and these processes.
  void lose_node(const std::vector<pid_t>& running) {
    end(node_, SIGKILL);
    for (const pid_t pid : running) ::kill(pid, SIGKILL);
  }
  // A new controller that knows of no job.
  void forget_jobs() {
    kill_controller();
    CHECK(world::remove_tree(path_of("state")).has_value());
    CHECK(world::make_directories(path_of("state"), 0755).has_value());
    start_controller();
  }
  void touch(const std::string& name) const {
    CHECK(world::write_file_atomically(shared() + "/" + name, "", 0644).has_value());
  }

  std::string configuration_file() const { return path_of("slurm.conf"); }
  std::string shared() const { return path_of("shared"); }  // what all nodes see
  std::string logs() const { return path_of("logs"); }
  std::string path_of(const std::string& name) const { return directory_ + "/" + name; }

  // What the commands write, within this cluster.
  std::string ask(const std::string& commands) const {
    world::Program program = shell(commands);
    program.environment.push_back("SLURM_CONF=" + configuration_file());
    const auto exit = world::OsProcesses().run(program, minutes(1), never_);
    return exit ? exit->output : "";
  }

 private:
  static constexpr const char* memory_groups = "/sys/fs/cgroup/memory";

  static world::Program shell(const std::string& commands) {
    world::Program program;
    program.arguments = {"/bin/sh", "-c", commands};
    program.environment = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"};
    return program;
  }

  static bool is_installed(const std::string& name) {
    const world::Cancellation never;
    const auto exit = world::OsProcesses().run(shell("command -v " + name), minutes(1), never);
    return exit && exit->status == 0;
  }

  static int free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    CHECK(::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
    CHECK(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    ::close(socket);
    return ntohs(address.sin_port);
  }

  std::string configuration() const {
    char host[256] = {};
    CHECK(::gethostname(host, sizeof host - 1) == 0);
    const std::string name(std::string_view(host).substr(0, std::string_view(host).find('.')));
    return concat(
        "ClusterName=test\nSlurmctldHost=", name, "(127.0.0.1)\nSlurmctldPort=", free_port(),
        "\nSlurmdPort=", free_port(),
        "\nSlurmUser=root\nSlurmdUser=root\n"
        "AuthType=auth/munge\nAuthInfo=socket=",
        path_of("munge/socket"), "\nCredType=cred/munge\nStateSaveLocation=", path_of("state"),
        "\nSlurmdSpoolDir=", path_of("spool"), "\nSlurmctldPidFile=", path_of("slurmctld.pid"),
        "\nSlurmdPidFile=", path_of("slurmd.pid"), "\nSlurmctldLogFile=", path_of("slurmctld.log"),
        "\nSlurmdLogFile=", path_of("slurmd.log"),
        "\nProctrackType=proctrack/linuxproc\nTaskPlugin=",
        memory_ == Memory::limited ? "task/cgroup" : "task/none",
        "\nJobAcctGatherType=jobacct_gather/none\n"
        "SelectType=select/cons_tres\nSelectTypeParameters=CR_CPU_Memory\n"
        "SchedulerParameters=bf_interval=1,sched_interval=1,batch_sched_delay=0\n"
        "MaxArraySize=",
        array_size,
        "\nMinJobAge=2\nKillWait=2\nSlurmdTimeout=5\nInactiveLimit=0\nReturnToService=2\n"
        "AccountingStorageType=accounting_storage/none\nJobCompType=jobcomp/none\n"
        "MpiDefault=none\nSwitchType=switch/none\nSlurmdParameters=config_overrides\n"
        "NodeName=",
        name,
        " NodeAddr=127.0.0.1 CPUs=32 RealMemory=16000 State=UNKNOWN\n"
        "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP\n");
  }

  pid_t start(std::vector<std::string> arguments) {
    world::Program program;
    program.arguments = {"env", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                         "SLURM_CONF=" + configuration_file()};
    program.arguments.insert(program.arguments.end(), arguments.begin(), arguments.end());
    const auto pid = processes_.start_detached(program, path_of(arguments[0] + ".out"));
    CHECK(pid.has_value());
    return *pid;
  }

  static void end(pid_t& pid, int signal) {
    if (pid == 0) return;
    ::kill(pid, signal);
    comes_true([&] { return ::kill(pid, 0) != 0; });
    pid = 0;
  }

  const Memory memory_;
  std::string directory_;
  world::OsProcesses processes_;
  world::Cancellation never_;
  pid_t munged_ = 0, controller_ = 0, node_ = 0;
};

}  // namespace pawl::executors
