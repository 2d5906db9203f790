#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <tupu/value_json.h>

#include "tests/bench/workload_engine.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int kPatienceMs = 900'000;  // for one reply; a load of ten million edges takes some minutes

/// A process that takes JSON objects, one a line, and replies with one to each. Ends with this object.
class JsonProcess {
 public:
  JsonProcess(pid_t child, int to, int from) : child_(child), to_(to), from_(from) {}
  JsonProcess(const JsonProcess&) = delete;
  ~JsonProcess() {
    close(to_);  // it ends by itself, after it has closed its database
    close(from_);
    waitpid(child_, nullptr, 0);
  }

  static Result<std::unique_ptr<JsonProcess>> Start(std::vector<std::string> words) {
    signal(SIGPIPE, SIG_IGN);  // one that has ended is an error of the next write
    std::array<int, 2> to{}, from{};
    // Not handed on to the next peer, which would keep this one's input open.
    if (pipe2(to.data(), O_CLOEXEC) != 0 || pipe2(from.data(), O_CLOEXEC) != 0)
      return Error{ErrorCode::kIo, "no pipe can be made"};
    const pid_t child = fork();
    if (child == 0) {
      dup2(to[0], STDIN_FILENO);
      dup2(from[1], STDOUT_FILENO);
      std::vector<char*> arguments;
      for (std::string& word : words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      execvp(arguments[0], arguments.data());
      _exit(127);
    }
    close(to[0]);
    close(from[1]);
    if (child < 0) return Error{ErrorCode::kIo, "no process can be started"};
    return std::make_unique<JsonProcess>(child, to[1], from[0]);
  }

  Result<json> Ask(const json& command) {
    const std::string line = command.dump() + '\n';
    for (size_t done = 0; done < line.size();) {
      const ssize_t written = write(to_, line.data() + done, line.size() - done);
      if (written <= 0) return Error{ErrorCode::kIo, "the peer has ended"};
      done += static_cast<size_t>(written);
    }
    return Read();
  }

  Result<json> Read() {
    size_t end = buffer_.find('\n');
    while (end == std::string::npos) {
      pollfd wait{from_, POLLIN, 0};
      if (poll(&wait, 1, kPatienceMs) == 0) {
        kill(child_, SIGKILL);
        return Error{ErrorCode::kIo, fmt::format("the peer gave no answer in {} s", kPatienceMs / 1000)};
      }
      std::array<char, 1 << 16> piece;
      const ssize_t size = read(from_, piece.data(), piece.size());
      if (size <= 0) return Error{ErrorCode::kIo, "the peer has ended"};
      end = std::string_view(piece.data(), static_cast<size_t>(size)).find('\n');
      if (end != std::string::npos) end += buffer_.size();
      buffer_.append(piece.data(), static_cast<size_t>(size));
    }
    json reply = json::parse(buffer_.substr(0, end), nullptr, false);
    buffer_.erase(0, end + 1);
    if (reply.is_discarded()) return Error{ErrorCode::kIo, "the peer's reply is not JSON"};
    if (reply.contains("error")) return Error{ErrorCode::kIo, reply["error"].get<std::string>()};
    return reply;
  }

 private:
  const pid_t child_;
  const int to_;
  const int from_;
  std::string buffer_;  // read, and not yet taken
};

class PeerEngine : public WorkloadEngine {
 public:
  PeerEngine(std::string name, std::unique_ptr<JsonProcess> process)
      : name_(std::move(name)), process_(std::move(process)) {}
  const std::string& name() const override { return name_; }

  Result<std::vector<WorkloadAnswer>> Answer(const WorkloadQuery& query, double seconds) override {
    TUPU_TRY(Prepare(query));
    TUPU_TRY_ASSIGN(const json reply, process_->Ask({{"do", "answer"}, {"seconds", seconds}}));
    std::vector<WorkloadAnswer> answers;
    for (const json& one : reply["answers"]) {
      const std::string digits = one[1].get<std::string>();
      uint64_t checksum = 0;
      std::from_chars(digits.data(), digits.data() + digits.size(), checksum, 16);
      answers.emplace_back(one[0].get<uint64_t>(), checksum);
    }
    return answers;
  }

  Result<WorkloadCalls> Measure(const WorkloadQuery& query, double seconds) override {
    TUPU_TRY(Prepare(query));
    TUPU_TRY_ASSIGN(const json reply,
                    process_->Ask({{"do", "measure"}, {"seconds", seconds}, {"calls", query.CallsOfRound()}}));
    return WorkloadCalls{reply["wall_us"].get<std::vector<double>>(), reply["cpu_us"].get<double>()};
  }

 private:
  Status Prepare(const WorkloadQuery& query) {
    if (query_ == &query) return {};
    query_ = nullptr;
    const std::string& text = *query.FindText(name_);
    json inputs = json::array();
    for (const Map& input : query.inputs) {
      json parameters = json::object();  // engines refuse one that the text does not name
      for (const auto& [name, value] : input) {
        if (text.find('$' + name) != std::string::npos) parameters[name] = json::parse(tupu::ToJson(value));
      }
      inputs.push_back(std::move(parameters));
    }
    TUPU_TRY(process_->Ask({{"do", "prepare"}, {"text", text}, {"inputs", std::move(inputs)}}));
    query_ = &query;
    return {};
  }

  const std::string name_;
  std::unique_ptr<JsonProcess> process_;
  const WorkloadQuery* query_ = nullptr;  // prepared
};

Result<std::unique_ptr<JsonProcess>> StartPeer(const PeerOptions& options, const std::string& path) {
  TUPU_TRY_ASSIGN(auto process, JsonProcess::Start({"node", options.driver, options.name, options.packages, path,
                                                    std::to_string(options.threads)}));
  TUPU_TRY(process->Read());  // it is up
  return process;
}

std::string WithFolder(std::string statement, const std::string& folder) {
  constexpr std::string_view kPlace = "$DATA";
  for (size_t at = statement.find(kPlace); at != std::string::npos; at = statement.find(kPlace, at))
    statement.replace(at, kPlace.size(), folder);
  return statement;
}

}  // namespace

Result<std::unique_ptr<WorkloadEngine>> OpenPeerEngine(const PeerOptions& options, const std::string& path,
                                                       const std::vector<std::string>& load,
                                                       const std::string& folder) {
  if (!fs::exists(path)) {
    const std::string unfinished = path + ".part";
    fs::remove_all(unfinished);
    {
      TUPU_TRY_ASSIGN(const auto process, StartPeer(options, unfinished));
      json statements = json::array();
      for (const std::string& statement : load) statements.push_back(WithFolder(statement, fs::absolute(folder)));
      TUPU_TRY(process->Ask({{"do", "load"}, {"statements", std::move(statements)}}));
    }
    fs::rename(unfinished, path);
  }
  TUPU_TRY_ASSIGN(auto process, StartPeer(options, path));
  return std::unique_ptr<WorkloadEngine>(std::make_unique<PeerEngine>(options.name, std::move(process)));
}

}  // namespace tupu
