// A build of an index or constraint that is stopped at any moment leaves nothing of it.

#include <functional>
#include <set>

#include "storage/graph/schema_change.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

/// Cancels a token at the n-th read of a store.
struct Trap {
  uint64_t reads = 0;
  uint64_t springs_at = 0;  // 0: never
  CancellationToken token;

  void Pass() {
    if (++reads == springs_at) token.Cancel();
  }
};

class TrappedSnapshot : public KvSnapshot {
 public:
  TrappedSnapshot(std::shared_ptr<const KvSnapshot> base, Trap& trap) : base_(std::move(base)), trap_(trap) {}
  Result<std::optional<std::string>> Get(Keyspace space, std::string_view key) const override {
    trap_.Pass();
    return base_->Get(space, key);
  }
  Result<std::vector<std::optional<std::string>>> MultiGet(Keyspace space,
                                                           std::span<const std::string> keys) const override {
    trap_.Pass();
    return base_->MultiGet(space, keys);
  }
  Status Scan(Keyspace space, std::string_view begin, std::string_view end,
              const std::function<bool(std::string_view, std::string_view)>& visit) const override {
    trap_.Pass();
    return base_->Scan(space, begin, end, visit);
  }
  Result<std::vector<std::vector<std::pair<std::string, std::string>>>> Expand(
      Keyspace space, std::span<const std::string> prefixes) const override {
    trap_.Pass();
    return base_->Expand(space, prefixes);
  }

 private:
  const std::shared_ptr<const KvSnapshot> base_;
  Trap& trap_;
};

class TrappedStore : public KvStore {
 public:
  explicit TrappedStore(Trap& trap) : base_(OpenMemoryStore()), trap_(trap) {}
  Result<std::shared_ptr<const KvSnapshot>> Snapshot() const override {
    TUPU_TRY_ASSIGN(std::shared_ptr<const KvSnapshot> base, base_->Snapshot());
    return std::shared_ptr<const KvSnapshot>(std::make_shared<TrappedSnapshot>(std::move(base), trap_));
  }
  Status Write(std::span<const KvWrite> batch, std::span<const KvPrecondition> preconditions, bool sync) override {
    return base_->Write(batch, preconditions, sync);
  }
  Status Checkpoint(const std::string& directory) override { return base_->Checkpoint(directory); }
  Result<KvStats> Stats() const override { return base_->Stats(); }

 private:
  const std::unique_ptr<KvStore> base_;
  Trap& trap_;
};

class CancelledBuild : public testing::Test {
 protected:
  // More entries than a loop passes between two looks at the token.
  static constexpr int kFirms = 5000;

  void SetUp() override {
    store_ = Must(GraphStore::OpenOn(std::make_unique<TrappedStore>(trap_), {}));
    const auto transaction = Must(store_->BeginWrite());
    const LabelId firm = transaction->InternLabel("Firm");
    const EdgeTypeId owns = transaction->InternEdgeType("OWNS");
    const PropertyKeyId code = transaction->InternPropertyKey("code");
    std::optional<VertexId> last;
    for (int i = 0; i < kFirms; ++i) {
      const VertexId vertex = Must(transaction->CreateVertex({firm}, {{code, Value(i)}}));
      if (last) Must(transaction->CreateEdge(*last, owns, vertex, {{code, Value(i)}}));
      last = vertex;
    }
    MustBeDone(transaction->Commit());
  }

  /// Stops `create` at some of its reads, at the last ones above all, then lets it be done.
  void ExpectNothingIsLeft(const std::function<Result<SchemaCounters>(const SchemaOptions&)>& create,
                           const std::function<Status()>& drop) {
    trap_.springs_at = 0;
    trap_.reads = 0;
    Must(create({}));
    const uint64_t reads = trap_.reads;
    EXPECT_DONE(drop());
    std::set<uint64_t> moments;
    for (uint64_t i = 1; i <= 12; ++i) moments.insert({i, reads * i / 13, reads + 1 - std::min(i, reads)});
    moments.erase(0);
    int stopped = 0;
    for (const uint64_t moment : moments) {
      SCOPED_TRACE(moment);
      trap_ = {.reads = 0, .springs_at = moment, .token = {}};
      const Result<SchemaCounters> created = create({trap_.token, {}});
      if (created) {  // nothing looks at the token after this read
        EXPECT_DONE(drop());
        continue;
      }
      ++stopped;
      EXPECT_EQ(Name(created.error().code), Name(ErrorCode::kCancelled)) << created.error().message;
      const auto view = Must(store_->Snapshot());
      EXPECT_TRUE(view->indexes().empty());
      EXPECT_TRUE(view->indexes().dropped().empty()) << "its entries are gone as well";
    }
    EXPECT_GT(stopped, 4);
    trap_.springs_at = 0;
    Must(create({}));
    EXPECT_DONE(drop());
  }

  void ExpectNoIndexIsLeft(const IndexRequest& request) {
    ExpectNothingIsLeft([&](const SchemaOptions& options) { return store_->CreateIndex(request, options); },
                        [&]() -> Status {
                          TUPU_TRY(store_->DropIndex(request.name, false));
                          return {};
                        });
  }

  void ExpectNoConstraintIsLeft(const ConstraintRequest& request) {
    ExpectNothingIsLeft([&](const SchemaOptions& options) { return store_->CreateConstraint(request, options); },
                        [&]() -> Status {
                          TUPU_TRY(store_->DropConstraint(request.name, false));
                          return {};
                        });
  }

  Trap trap_;
  std::unique_ptr<GraphStore> store_;
};

TEST_F(CancelledBuild, OfAnIndexOnVertices) {
  ExpectNoIndexIsLeft({"i", EntityKind::kVertex, "Firm", {"code"}});
}

TEST_F(CancelledBuild, OfAnIndexOnEdges) {
  ExpectNoIndexIsLeft({"i", EntityKind::kEdge, "OWNS", {"code"}});
}

TEST_F(CancelledBuild, OfAConstraint) {
  for (const ConstraintKind kind : {ConstraintKind::kUnique, ConstraintKind::kKey, ConstraintKind::kExists}) {
    for (const bool edges : {false, true}) {
      SCOPED_TRACE(testing::Message() << static_cast<int>(kind) << " edges " << edges);
      ConstraintRequest request;
      request.name = "c";
      request.entity = edges ? EntityKind::kEdge : EntityKind::kVertex;
      request.schema = edges ? "OWNS" : "Firm";
      request.properties = {"code"};
      request.kind = kind;
      ExpectNoConstraintIsLeft(request);
    }
  }
}

}  // namespace
}  // namespace tupu
