// Transactions that are committed together: what becomes of a group whose write fails.

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

/// Keeps one write waiting, so that others gather behind it, and fails the one after it.
class GatedStore : public KvStore {
 public:
  void Close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
  }
  void AwaitWriter() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_; });
  }
  void OpenAndFailNext() {
    const std::scoped_lock lock(mutex_);
    closed_ = false;
    changed_.notify_all();
  }

  Result<std::shared_ptr<const KvSnapshot>> Snapshot() const override { return base_->Snapshot(); }
  Status Write(std::span<const KvWrite> batch, std::span<const KvPrecondition> preconditions, bool sync) override {
    std::unique_lock lock(mutex_);
    if (std::exchange(fails_, false)) return Error{ErrorCode::kIo, "the disk is full"};
    if (closed_) {
      waiting_ = true;
      changed_.notify_all();
      changed_.wait(lock, [&] { return !closed_; });
      fails_ = true;
    }
    return base_->Write(batch, preconditions, sync);
  }
  Status Checkpoint(const std::string& directory) override { return base_->Checkpoint(directory); }
  Result<KvStats> Stats() const override { return base_->Stats(); }

 private:
  const std::unique_ptr<KvStore> base_ = OpenMemoryStore();
  std::mutex mutex_;
  std::condition_variable changed_;
  bool closed_ = false;
  bool waiting_ = false;
  bool fails_ = false;
};

TEST(CommitGroup, ThatFailedCollidesWithNobody) {
  auto kv = std::make_unique<GatedStore>();
  GatedStore& gate = *kv;
  const auto store = Must(GraphStore::OpenOn(std::move(kv), {}));
  constexpr size_t kFirms = 5;
  std::vector<VertexId> firms;
  auto setting = Must(store->BeginWrite());
  const PropertyKeyId number = setting->InternPropertyKey("n");
  const EdgeTypeId knows = setting->InternEdgeType("KNOWS");
  for (size_t i = 0; i < kFirms; ++i) firms.push_back(Must(setting->CreateVertex({}, {})));
  MustBeDone(setting->Commit());

  const auto change = [&](size_t firm, GraphTransaction& transaction) {
    MustBeDone(transaction.SetVertexProperty(firms[firm], number, Value(int64_t{1})));
    Must(transaction.CreateEdge(firms[firm], knows, firms[0], {}));
  };
  gate.Close();
  std::vector<Status> results(kFirms);
  std::vector<std::thread> writers;
  for (size_t firm = 1; firm < kFirms; ++firm) {
    auto transaction = Must(store->BeginWrite());
    change(firm, *transaction);
    writers.emplace_back([&results, firm, own = std::move(transaction)] { results[firm] = own->Commit(); });
    if (firm == 1) gate.AwaitWriter();
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // for the others to queue; if not, less is tested
  gate.OpenAndFailNext();
  for (std::thread& writer : writers) writer.join();
  MustBeDone(results[1]);
  size_t failed = 0;
  for (size_t firm = 2; firm < kFirms; ++firm) {
    if (results[firm]) continue;
    EXPECT_EQ(results[firm].error().code, ErrorCode::kIo);
    ++failed;
    auto again = Must(store->BeginWrite());
    change(firm, *again);
    MustBeDone(again->Commit());
  }
  EXPECT_GE(failed, 1u);
  EXPECT_EQ(Must(store->Snapshot())->CountEdges(std::nullopt), kFirms - 1);
  EXPECT_EQ(Must(Must(store->Snapshot())->Degree(firms[0], Direction::kIn, {})), kFirms - 1);
}

}  // namespace
}  // namespace tupu
