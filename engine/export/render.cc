#include "engine/export/render.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

namespace tupu {

namespace {

constexpr int kNoProgram = 127;  // exit status of the child when the program cannot be started
constexpr size_t kMostBytes = 256u << 20;

Error SystemError(std::string_view what) {
  return Error{ErrorCode::kIo, fmt::format("{}: {}", what, std::strerror(errno))};
}

// A pipe whose ends are closed with it and never reach a child by accident.
class Pipe {
 public:
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    CloseRead();
    CloseWrite();
  }
  Status Open() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) return SystemError("cannot make a pipe to Graphviz");
    return {};
  }
  int read_end() const { return ends_[0]; }
  int write_end() const { return ends_[1]; }
  void CloseRead() { Close(ends_[0]); }
  void CloseWrite() { Close(ends_[1]); }

 private:
  static void Close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  std::array<int, 2> ends_ = {-1, -1};
};

// Runs in the child between fork and exec, where only async-signal-safe calls are allowed.
[[noreturn]] void BecomeGraphviz(const Pipe& in, const Pipe& out, const Pipe& messages, char* const* arguments,
                                 const RenderLimits& limits) {
  ::dup2(in.read_end(), STDIN_FILENO);
  ::dup2(out.write_end(), STDOUT_FILENO);
  ::dup2(messages.write_end(), STDERR_FILENO);
  const rlimit memory = {limits.memory_bytes, limits.memory_bytes};
  ::setrlimit(RLIMIT_AS, &memory);
  const auto seconds = static_cast<rlim_t>(limits.time.count() / 1000 + 1);
  const rlimit processor = {seconds, seconds};
  ::setrlimit(RLIMIT_CPU, &processor);
  const rlimit core = {0, 0};
  ::setrlimit(RLIMIT_CORE, &core);
  // Ctrl-C is the caller's to handle: it kills the child when its token is cancelled.
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGPIPE, SIG_DFL);
  ::execvp(arguments[0], arguments);
  ::_exit(kNoProgram);
}

// One child: its process and the pipes to it.
class Child {
 public:
  Child(const RenderLimits& limits, const CancellationToken& cancellation)
      : limits_(limits), cancellation_(cancellation), deadline_(std::chrono::steady_clock::now() + limits.time) {}
  ~Child() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  Status Start(std::string_view format) {
    for (Pipe* pipe : {&in_, &out_, &messages_}) TUPU_TRY(pipe->Open());
    std::string program = limits_.program;
    std::string option = fmt::format("-T{}", format);
    const std::array<char*, 3> arguments = {program.data(), option.data(), nullptr};
    process_ = ::fork();
    if (process_ < 0) return SystemError("cannot start Graphviz");
    if (process_ == 0) BecomeGraphviz(in_, out_, messages_, arguments.data(), limits_);
    in_.CloseRead();
    out_.CloseWrite();
    messages_.CloseWrite();
    ::fcntl(in_.write_end(), F_SETFL, O_NONBLOCK);
    return {};
  }

  // Feeds `dot` and collects what comes back, until the child has closed both of its ends.
  Status Talk(std::string_view dot) {
    while (out_.read_end() >= 0 || messages_.read_end() >= 0) {
      TUPU_TRY(CheckLimits());
      std::array<pollfd, 3> waits = {pollfd{out_.read_end(), POLLIN, 0}, pollfd{messages_.read_end(), POLLIN, 0},
                                     pollfd{in_.write_end(), POLLOUT, 0}};
      // Short waits, so that a cancelled token is seen soon.
      if (::poll(waits.data(), waits.size(), 50) < 0) {
        if (errno == EINTR) continue;
        return SystemError("cannot wait for Graphviz");
      }
      if (waits[0].revents != 0) Read(out_, drawing_);
      if (waits[1].revents != 0) Read(messages_, said_);
      if (waits[2].revents != 0) Write(dot);
      if (drawing_.size() > kMostBytes)
        return Error{ErrorCode::kResourceExhausted, "the picture is larger than 256 MiB; draw less with --limit"};
    }
    return {};
  }

  // Waits for the end and judges it.
  Result<std::string> Finish() {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    if (WIFEXITED(status) && WEXITSTATUS(status) == kNoProgram) {
      return Error{
          .code = ErrorCode::kNotFound,
          .message = fmt::format("Graphviz ({}) is not installed; pictures are drawn with it", limits_.program),
          .hint = "apt install graphviz fonts-noto-cjk, or write the picture as text with --format dot"};
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) return TimeError();
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && !drawing_.empty()) return std::move(drawing_);
    if (said_.find("memory") != std::string::npos || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)) {
      return Error{ErrorCode::kResourceExhausted,
                   fmt::format("Graphviz needs more than {} MiB for this picture; draw less with --limit or --depth",
                               limits_.memory_bytes >> 20)};
    }
    return Error{ErrorCode::kIo, fmt::format("Graphviz failed: {}", said_.empty() ? "no reason given" : said_)};
  }

 private:
  Error TimeError() const {
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("Graphviz took longer than {} s; draw less with --limit or --depth",
                             static_cast<double>(limits_.time.count()) / 1000)};
  }

  Status CheckLimits() const {
    TUPU_TRY(cancellation_.Check());
    if (std::chrono::steady_clock::now() >= deadline_) return TimeError();
    return {};
  }

  static void Read(Pipe& pipe, std::string& text) {
    std::array<char, 65536> bytes;
    const ssize_t count = ::read(pipe.read_end(), bytes.data(), bytes.size());
    if (count > 0) {
      text.append(bytes.data(), static_cast<size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      pipe.CloseRead();
    }
  }

  void Write(std::string_view dot) {
    const ssize_t count = ::write(in_.write_end(), dot.data() + written_, dot.size() - written_);
    if (count > 0) written_ += static_cast<size_t>(count);
    const bool broken = count < 0 && errno != EINTR && errno != EAGAIN;
    if (broken || written_ == dot.size()) in_.CloseWrite();
  }

  const RenderLimits& limits_;
  const CancellationToken& cancellation_;
  std::chrono::steady_clock::time_point deadline_;
  Pipe in_, out_, messages_;
  pid_t process_ = -1;
  size_t written_ = 0;
  std::string drawing_;
  std::string said_;
};

// A child that ends early makes writing to it raise SIGPIPE, which must not end this process. Blocked in this thread only
// while the child is talked to; what was raised meanwhile is taken away.
class PipeSignalBlock {
 public:
  PipeSignalBlock() {
    ::sigemptyset(&pipe_);
    ::sigaddset(&pipe_, SIGPIPE);
    ::pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~PipeSignalBlock() {
    const timespec now = {0, 0};
    while (::sigismember(&before_, SIGPIPE) == 0 && ::sigtimedwait(&pipe_, nullptr, &now) > 0) {
    }
    ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  PipeSignalBlock(const PipeSignalBlock&) = delete;
  PipeSignalBlock& operator=(const PipeSignalBlock&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
};

}  // namespace

Result<std::string> RenderDot(std::string_view dot, std::string_view format, const RenderLimits& limits,
                              const CancellationToken& cancellation) {
  if (format != "svg" && format != "png")
    return Error{ErrorCode::kInvalidArgument, fmt::format("cannot draw as {}; svg and png are offered", format)};
  const PipeSignalBlock block;
  Child child(limits, cancellation);
  TUPU_TRY(child.Start(format));
  TUPU_TRY(child.Talk(dot));
  return child.Finish();
}

}  // namespace tupu
