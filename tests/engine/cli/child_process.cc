#include "child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <thread>

namespace tupu {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kLongest = std::chrono::seconds(60);

[[noreturn]] void Execute(const std::vector<std::string>& arguments, const ChildOptions& options) {
  if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) ::_exit(126);
  ::unsetenv("TUPU_DB");
  ::unsetenv("LC_ALL");
  ::unsetenv("LC_MESSAGES");
  ::setenv("LANG", "C.UTF-8", 1);
  for (const std::string& entry : options.environment) {
    const size_t equal = entry.find('=');
    ::setenv(entry.substr(0, equal).c_str(), entry.substr(equal + 1).c_str(), 1);
  }
  std::vector<std::string> words = {TUPU_EXECUTABLE};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> raw;
  for (std::string& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::execv(TUPU_EXECUTABLE, raw.data());
  ::_exit(127);
}

int StatusOf(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// Appends what can be read; false at the end.
bool ReadSome(int descriptor, std::string& text) {
  std::array<char, 65536> bytes;
  const ssize_t count = ::read(descriptor, bytes.data(), bytes.size());
  if (count > 0) text.append(bytes.data(), static_cast<size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

}  // namespace

ChildResult RunTupu(const std::vector<std::string>& arguments, const ChildOptions& options) {
  ::signal(SIGPIPE, SIG_IGN);
  std::array<int, 2> in{}, out{}, err{};
  if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0 || ::pipe2(err.data(), O_CLOEXEC) != 0)
    return {};
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(in[0], STDIN_FILENO);
    const int target =
        options.stdout_path.empty() ? out[1] : ::open(options.stdout_path.c_str(), O_WRONLY | O_CREAT, 0666);
    ::dup2(target, STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    Execute(arguments, options);
  }
  for (const int end : {in[0], out[1], err[1]}) ::close(end);
  [[maybe_unused]] const ssize_t written = ::write(in[1], options.input.data(), options.input.size());
  ::close(in[1]);

  ChildResult result;
  const auto begin = Clock::now();
  bool interrupt = options.interrupt_after_ms > 0;
  std::array<pollfd, 2> ends = {pollfd{out[0], POLLIN, 0}, pollfd{err[0], POLLIN, 0}};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    if (Clock::now() - begin > kLongest) ::kill(child, SIGKILL);
    if (interrupt && Clock::now() - begin > std::chrono::milliseconds(options.interrupt_after_ms)) {
      ::kill(child, SIGINT);
      interrupt = false;
    }
    if (::poll(ends.data(), ends.size(), 20) <= 0) continue;
    if (ends[0].revents != 0 && !ReadSome(out[0], result.out)) ends[0].fd = -1;
    if (ends[1].revents != 0 && !ReadSome(err[0], result.err)) ends[1].fd = -1;
  }
  ::close(out[0]);
  ::close(err[0]);
  result.status = StatusOf(child);
  return result;
}

ChildResult RunTupuOnTerminal(const std::vector<std::string>& arguments, const std::vector<std::string>& typed) {
  int terminal = -1;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) Execute(arguments, {.environment = {"TERM=xterm", "XDG_STATE_HOME=/nonexistent"}});
  ChildResult result;
  const auto begin = Clock::now();
  size_t next = 0;
  auto quiet_since = Clock::now();
  while (true) {
    if (Clock::now() - begin > kLongest) ::kill(child, SIGKILL);
    pollfd end = {terminal, POLLIN, 0};
    if (::poll(&end, 1, 20) > 0) {
      if (!ReadSome(terminal, result.out)) break;
      quiet_since = Clock::now();
      continue;
    }
    // Quiet for a while behind a prompt: it waits for us. A query that is to be interrupted shows no prompt.
    const bool waits = Clock::now() - quiet_since > std::chrono::milliseconds(400);
    if (waits && next < typed.size() && !result.out.empty()) {
      [[maybe_unused]] const ssize_t written = ::write(terminal, typed[next].data(), typed[next].size());
      ++next;
      quiet_since = Clock::now();
    }
  }
  ::close(terminal);
  result.status = StatusOf(child);
  return result;
}

}  // namespace tupu
