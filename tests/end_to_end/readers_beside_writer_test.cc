// One process writes all the time; another reads through the library. Each query sees one state, at most a second old.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <thread>

#include <gtest/gtest.h>
#include <tupu/database.h>

namespace tupu {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// What the writer tells the reader; shared memory.
struct Shared {
  std::atomic<int64_t> acknowledged{0};  // the last commit that was acknowledged
  std::atomic<bool> stop{false};
  std::atomic<bool> failed{false};
};

template <class T>
T Must(Result<T> result) {
  if (!result) {
    ADD_FAILURE() << Name(result.error().code) << ": " << result.error().message;
    std::abort();
  }
  return std::move(result).value();
}

/// Each commit raises the same number on two vertices and adds a vertex and an edge, so that a mix of two states shows.
int Write(const std::string& path, Shared& shared) {
  Result<Database> database = Database::Open(path, {.cache_memory_bytes = 8 << 20});
  if (!database || !database->OpenSession().Run("CREATE (:A {n: 0}), (:B {n: 0})")) {
    shared.failed = true;
    return 1;
  }
  Session session = database->OpenSession();
  const std::string ballast(5'000, 'x');
  for (int64_t n = 1; !shared.stop; ++n) {
    QueryOptions options;
    options.parameters["n"] = Value(n);
    options.parameters["name"] = Value("label_" + std::to_string(n));
    options.parameters["ballast"] = Value(ballast);
    const std::string text =
        "MATCH (a:A), (b:B) SET a.n = $n, b.n = $n CREATE (a)-[:MADE]->(:Step {name: $name, ballast: $ballast})"
        // New names now and then: the dictionary grows, too.
        + std::string(n % 50 == 0 ? " SET a.key_" + std::to_string(n) + " = $n" : "");
    const Result<QueryResult> run = session.Run(text, options);
    if (!run) {
      std::fprintf(stderr, "the writer failed: %s\n", run.error().message.c_str());
      shared.failed = true;
      return 1;
    }
    shared.acknowledged = n;
  }
  return 0;
}

Shared* MapShared(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT, 0600);
  if (descriptor < 0 || ::ftruncate(descriptor, sizeof(Shared)) != 0) std::abort();
  void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  ::close(descriptor);
  return memory == MAP_FAILED ? nullptr : static_cast<Shared*>(memory);
}

// This executable is the writer as well: a store has threads, which a fork alone would lose.
constexpr const char* kWriterVariable = "TUPU_TEST_WRITER";

class ReadersBesideWriter : public testing::Test {
 protected:
  ReadersBesideWriter() : path_(fs::temp_directory_path() / ("tupu-readers-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::remove(path_ + ".shared");
    shared_ = new (MapShared(path_ + ".shared")) Shared();
    writer_ = ::fork();
    if (writer_ == 0) {
      ::setenv(kWriterVariable, path_.c_str(), 1);
      ::execl("/proc/self/exe", "writer", nullptr);
      ::_exit(127);
    }
  }
  ~ReadersBesideWriter() override {
    shared_->stop = true;
    int status = 0;
    ::waitpid(writer_, &status, 0);
    EXPECT_EQ(status, 0);
    fs::remove_all(path_);
    fs::remove(path_ + ".shared");
  }

  void WaitForCommits(int64_t count) {
    const auto end = Clock::now() + std::chrono::seconds(60);
    while (shared_->acknowledged < count && !shared_->failed && Clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    ASSERT_GE(shared_->acknowledged, count);
  }

  const std::string path_;
  Shared* shared_ = nullptr;
  pid_t writer_ = -1;
};

/// The number on a and b, and that of the steps, as one query sees them.
constexpr const char* kQuery =
    "MATCH (a:A), (b:B) OPTIONAL MATCH (a)-[r:MADE]->(s:Step) RETURN a.n, b.n, count(r), count(s)";

TEST_F(ReadersBesideWriter, EachQueryIsOneStateAtMostASecondOld) {
  WaitForCommits(5);
  Database database = Must(Database::Open(path_, {.read_only = true}));
  std::map<Clock::time_point, int64_t> history;  // what was acknowledged when
  std::atomic<int> queries{0};
  std::atomic<int64_t> oldest_ms{0};
  const auto read = [&](bool note) {
    Session session = database.OpenSession();
    int64_t last = 0;
    const auto end = Clock::now() + std::chrono::seconds(6);
    while (Clock::now() < end && !testing::Test::HasFailure()) {
      const auto begin = Clock::now();
      if (note) history[begin] = shared_->acknowledged;
      const std::vector<Row> rows = Must(Must(session.Run(kQuery)).All());
      ASSERT_EQ(rows.size(), 1u);
      const int64_t n = rows[0][0].AsInteger();
      EXPECT_EQ(rows[0][1].AsInteger(), n);
      EXPECT_EQ(rows[0][2].AsInteger(), n) << "an edge for each commit";
      EXPECT_EQ(rows[0][3].AsInteger(), n) << "a vertex for each commit";
      EXPECT_GE(n, last) << "time does not run backwards";
      last = n;
      ++queries;
      if (!note) continue;
      // What had been acknowledged a second before the query must show.
      auto before = history.upper_bound(begin - std::chrono::seconds(1));
      if (before != history.begin()) {
        EXPECT_GE(n, std::prev(before)->second) << "more than a second old";
      }
    }
  };
  // A second reader at the same time, so that states are held while others are read anew.
  std::thread second(read, false);
  read(true);
  second.join();
  EXPECT_FALSE(shared_->failed);
  EXPECT_GT(shared_->acknowledged, 20) << "the writer was not kept from writing";
  EXPECT_GT(queries, 20);
  std::printf("%d queries beside %lld commits\n", queries.load(), static_cast<long long>(shared_->acknowledged));
}

TEST_F(ReadersBesideWriter, AResultThatIsReadSlowlyStaysOneState) {
  WaitForCommits(50);
  Database database = Must(Database::Open(path_, {.read_only = true}));
  Session session = database.OpenSession();
  QueryResult slow = Must(session.Run("MATCH (a:A) MATCH (s:Step) RETURN a.n, s.name"));
  const Row* row = Must(slow.Next());
  ASSERT_NE(row, nullptr);
  const int64_t n = (*row)[0].AsInteger();
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  const int64_t newer = Must(Must(session.Run("MATCH (a:A) RETURN a.n")).All())[0][0].AsInteger();
  EXPECT_GT(newer, n) << "others see what is new";
  int64_t rows = 1;
  for (row = Must(slow.Next()); row != nullptr; row = Must(slow.Next())) {
    EXPECT_EQ((*row)[0].AsInteger(), n);
    ++rows;
  }
  EXPECT_EQ(rows, n) << "one step for each commit of that state";
}

TEST_F(ReadersBesideWriter, OnlyWritersAreTurnedAway) {
  WaitForCommits(2);
  const Result<Database> writer = Database::Open(path_);
  ASSERT_FALSE(writer.has_value());
  EXPECT_EQ(writer.error().code, ErrorCode::kBusy);
  Must(Database::Open(path_, {.read_only = true}));
}

}  // namespace
}  // namespace tupu

int main(int argc, char** argv) {
  if (const char* path = std::getenv(tupu::kWriterVariable)) {
    return tupu::Write(path, *tupu::MapShared(std::string(path) + ".shared"));
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
