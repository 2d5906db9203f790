// kill -9 under eight writers: no acknowledged commit is lost, none is there in part, none twice, and what was deleted stays
// deleted. Each cycle goes on with the database that the one before left.

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "tests/fault/acknowledgement.h"
#include "tests/fault/fault_config.h"
#include "tests/fault/faulty_store.h"
#include "tests/fault/writer_script.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

constexpr uint32_t kWriters = 8;
constexpr uint64_t kCyclesPerDatabase = 10;

class Kill : public testing::Test {
 protected:
  std::string path() const { return directory_ / "db"; }

  pid_t StartWriters(int& acknowledgements) const {
    std::vector<std::string> words = {TUPU_FAULT_WRITERS, path()};
    for (const uint64_t number : done_) words.push_back(std::to_string(number + 1));
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    int ends[2];
    if (::pipe(ends) != 0) return -1;
    const pid_t child = ::fork();
    if (child == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      ::execv(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    acknowledgements = ends[0];
    return child;
  }

  /// Counts acknowledgements into `done_` until the pipe ends; sends the signal when the time since the first one is over.
  void CountAndKill(pid_t child, int acknowledgements, std::chrono::microseconds after_first) {
    std::thread killer;
    Acknowledgement done{};
    while (::read(acknowledgements, &done, sizeof(done)) == sizeof(done)) {
      if (!killer.joinable()) {
        killer = std::thread([=] {
          std::this_thread::sleep_for(after_first);
          ::kill(child, SIGKILL);
        });
      }
      ASSERT_LT(done.writer, kWriters);
      EXPECT_EQ(done.number, done_[done.writer] + 1);
      done_[done.writer] = done.number;
      ++commits_;
    }
    if (killer.joinable()) killer.join();
    ::close(acknowledgements);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writers ended by themselves: " << status;
  }

  void Check() {
    std::vector<uint64_t> most = done_;
    for (uint64_t& number : most) ++number;  // the commit in flight
    const auto store = OpenFaulty(path(), nullptr);
    ASSERT_TRUE(store) << store.error().message;
    const auto view = Must(store->graph->Snapshot());
    const auto found = FindProgress(*view, done_, most);
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_DONE(CheckStore(*store->kv));
    done_ = *found;
  }

  TemporaryDirectory directory_;
  std::vector<uint64_t> done_ = std::vector<uint64_t>(kWriters, 0);
  uint64_t commits_ = 0;
};

TEST_F(Kill, LosesNothingAcknowledgedAndLeavesNothingHalf) {
  const uint64_t cycles = FaultCount("TUPU_FAULT_CYCLES", 40);
  std::mt19937_64 random(FaultSeed());
  for (uint64_t cycle = 0; cycle < cycles && !HasFailure(); ++cycle) {
    SCOPED_TRACE(testing::Message() << "cycle " << cycle);
    if (cycle % kCyclesPerDatabase == 0) {
      std::filesystem::remove_all(path());
      done_.assign(kWriters, 0);
    }
    int acknowledgements = -1;
    const pid_t child = StartWriters(acknowledgements);
    ASSERT_GT(child, 0);
    CountAndKill(child, acknowledgements, std::chrono::microseconds(random() % 150'000));
    Check();
  }
  std::printf("%llu cycles, %llu acknowledged commits of %u writers\n", static_cast<unsigned long long>(cycles),
              static_cast<unsigned long long>(commits_), kWriters);
}

}  // namespace
}  // namespace tupu
