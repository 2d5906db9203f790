// Steps from one format to the next, and stores of every format there ever was.

#include "storage/migration/migration.h"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/check/check_graph.h"
#include "storage/graph/graph_store.h"
#include "storage/keys/key_codec.h"
#include "storage/ontology/ontology.h"
#include "tests/storage/graph/store_fixture.h"

namespace tupu {
namespace {

using ::testing::HasSubstr;

// --- Steps ---

Status RenameA(const KvSnapshot& before, std::vector<KvWrite>& batch) {
  TUPU_TRY_ASSIGN(const auto value, before.Get(Keyspace::kVertex, "a"));
  batch.push_back({Keyspace::kVertex, "a", std::nullopt});
  batch.push_back({Keyspace::kVertex, "b", value.value_or("") + "1"});
  return {};
}
Status RenameB(const KvSnapshot& before, std::vector<KvWrite>& batch) {
  TUPU_TRY_ASSIGN(const auto value, before.Get(Keyspace::kVertex, "b"));
  batch.push_back({Keyspace::kVertex, "b", std::nullopt});
  batch.push_back({Keyspace::kVertex, "c", value.value_or("") + "2"});
  return {};
}
Status Refuse(const KvSnapshot&, std::vector<KvWrite>& batch) {
  batch.push_back({Keyspace::kVertex, "half", "x"});
  return Error{ErrorCode::kCorruption, "what the step reads is damaged"};
}

constexpr Migration kFirst{1, "a is called b", RenameA};
constexpr Migration kSecond{2, "b is called c", RenameB};
constexpr Migration kRefusing{2, "never", Refuse};

class MigrationTest : public testing::Test {
 protected:
  MigrationTest() {
    MustBeDone(kv_->Write(std::vector<KvWrite>{{Keyspace::kMeta, std::string(kFormatKey), EncodeFormatVersion(1)},
                                               {Keyspace::kVertex, "a", "0"}},
                          {}, false));
  }
  std::string Get(Keyspace space, std::string_view key) {
    return Must(Must(kv_->Snapshot())->Get(space, key)).value_or("-");
  }
  uint32_t Version() { return Must(DecodeFormatVersion(Get(Keyspace::kMeta, kFormatKey), 99)); }

  const std::unique_ptr<KvStore> kv_ = OpenMemoryStore();
};

TEST_F(MigrationTest, GoesStepByStepAndRecordsEach) {
  const Migration steps[] = {kFirst, kSecond};
  MustBeDone(Migrate(*kv_, 1, 3, steps, true));
  EXPECT_EQ(Version(), 3u);
  EXPECT_EQ(Get(Keyspace::kVertex, "a"), "-");
  EXPECT_EQ(Get(Keyspace::kVertex, "c"), "012");
  EXPECT_EQ(Get(Keyspace::kMeta, MigrationKey(1)), "a is called b");
  EXPECT_EQ(Get(Keyspace::kMeta, MigrationKey(2)), "b is called c");
}

TEST_F(MigrationTest, AStepThatFailsLeavesTheVersionBeforeIt) {
  const Migration steps[] = {kFirst, kRefusing};
  EXPECT_CODE(Migrate(*kv_, 1, 3, steps, true), kCorruption);
  EXPECT_EQ(Version(), 2u);
  EXPECT_EQ(Get(Keyspace::kVertex, "b"), "01");
  EXPECT_EQ(Get(Keyspace::kVertex, "half"), "-");
  const Migration mended[] = {kFirst, kSecond};
  MustBeDone(Migrate(*kv_, 2, 3, mended, true));  // the next opening goes on from there
  EXPECT_EQ(Get(Keyspace::kVertex, "c"), "012");
}

TEST_F(MigrationTest, AMissingStepIsNamed) {
  const Migration steps[] = {kSecond};
  const Status migrated = Migrate(*kv_, 1, 3, steps, true);
  EXPECT_CODE(migrated, kUnsupported);
  EXPECT_THAT(migrated.error().message, HasSubstr("from format 1 to 2"));
  EXPECT_EQ(Version(), 1u);
}

TEST_F(MigrationTest, ReadersAreToldWhatToDo) {
  const Error error = NeedsMigration(1, 2);
  EXPECT_EQ(error.code, ErrorCode::kUnsupported);
  EXPECT_THAT(error.message, HasSubstr("format 1"));
  EXPECT_THAT(error.hint, HasSubstr("tupu compact"));
}

TEST(FormatVersion, ANewerOneIsRefusedByName) {
  EXPECT_EQ(Must(DecodeFormatVersion(EncodeFormatVersion(7), 7)), 7u);
  EXPECT_CODE(DecodeFormatVersion(EncodeFormatVersion(8), 7), kUnsupported);
  EXPECT_CODE(DecodeFormatVersion(EncodeFormatVersion(0), 7), kCorruption);
  EXPECT_CODE(DecodeFormatVersion("123", 7), kCorruption);
}

TEST(FormatVersion, EveryStepIsThere) {
  uint32_t version = 1;
  for (const Migration& migration : AllMigrations()) EXPECT_EQ(migration.from, version++);
  EXPECT_EQ(version, kFormatVersion) << "raise the version and add a step, both";
}

// --- Golden stores ---
//
// tests/storage/golden/format_<n>.txt holds a store as version n wrote it: "keyspace key value" a line, in hex. To make that
// of the present version: TUPU_WRITE_GOLDEN=FILE tupu_storage_migration_tests --gtest_filter=GoldenStore.*

constexpr std::string_view kOntology = R"({"tupu_ontology": 1,
  "labels": {"Organization": {"key": ["code"], "properties": {"code": {"type": "int"}}}, "Firm": {"parents": ["Organization"]}},
  "edge_types": {"PARTNERS_WITH": {"symmetric": true}}})";
constexpr int kHubEdges = 900;  // a list of several blocks

class KvCopy : public KvStore {
 public:
  explicit KvCopy(std::shared_ptr<KvStore> kv) : kv_(std::move(kv)) {}
  Result<std::shared_ptr<const KvSnapshot>> Snapshot() const override { return kv_->Snapshot(); }
  Status Write(std::span<const KvWrite> batch, std::span<const KvPrecondition> preconditions, bool sync) override {
    return kv_->Write(batch, preconditions, sync);
  }
  Status Checkpoint(const std::string& directory) override { return kv_->Checkpoint(directory); }
  Result<KvStats> Stats() const override { return kv_->Stats(); }

 private:
  const std::shared_ptr<KvStore> kv_;
};

/// Every kind of value, key, record and block that a store can hold.
void FillGolden(GraphStore& store) {
  auto transaction = Must(store.BeginWrite());
  MustBeDone(transaction->SetOntology(kOntology));
  const auto key = [&](std::string_view name) { return transaction->InternPropertyKey(name); };
  const LabelId firm = transaction->InternLabel("Firm");
  const LabelId person = transaction->InternLabel("Person");
  const VertexId hub = Must(transaction->CreateVertex(
      {firm}, {{key("name"), Value("华为")}, {key("aliases"), Value(List{Value("Huawei")})}, {key("code"), Value(1)}},
      ExternalId{"set", "hw"}));
  const VertexId all = Must(transaction->CreateVertex(
      {firm, person},
      {{key("code"), Value(2)}, {key("true"), Value(true)}, {key("float"), Value(0.1)}, {key("text"), Value("x\ny")}}));
  const VertexId gone = Must(transaction->CreateVertex({}, {}));
  const EdgeTypeId owns = transaction->InternEdgeType("OWNS");
  const EdgeTypeId partners = transaction->InternEdgeType("PARTNERS_WITH");
  for (int i = 0; i < kHubEdges; ++i) {
    const VertexId other = Must(transaction->CreateVertex({}, {{key("code"), Value(i)}}));
    Must(transaction->CreateEdge(hub, owns, other, {{key("share"), Value(i / 8.0)}, {key("since"), Value("2021-10")}}));
  }
  Must(transaction->CreateEdge(all, partners, hub, {{key("about"), Value("GIS")}, {key("n"), Value(-5)}}));
  Must(transaction->CreateEdge(hub, partners, hub, {{key("about"), Value(true)}}));
  Must(transaction->CreateEdge(gone, owns, all, {}));
  MustBeDone(transaction->Commit());
  transaction = Must(store.BeginWrite());
  MustBeDone(transaction->DeleteVertex(gone, true));
  MustBeDone(transaction->Commit());
}

void ExpectGolden(const GraphView& view) {
  EXPECT_EQ(view.CountVertices(std::nullopt), 2u + kHubEdges);
  EXPECT_EQ(view.CountEdges(std::nullopt), 2u + kHubEdges);
  const auto hub = Must(view.FindByExternalId({"set", "hw"}));
  ASSERT_TRUE(hub.has_value());
  EXPECT_EQ(Must(view.FindByName("huawei")), std::vector<VertexId>{*hub});
  const auto all = static_cast<VertexId>(1);
  const auto property = [&](std::string_view name) {
    return Must(view.VertexProperty(all, *view.catalog().property_keys().Find(name)));
  };
  EXPECT_EQ(property("float"), Value(0.1));
  EXPECT_EQ(property("true"), Value(true));
  EXPECT_EQ(property("text"), Value("x\ny"));
  EXPECT_EQ(Must(view.VertexLabels(all)).size(), 2u);
  const EdgeTypeId owns = *view.catalog().edge_types().Find("OWNS");
  std::vector<NeighbourRecord> steps;
  MustBeDone(view.ExpandWithProperties(*hub, Direction::kOut, std::array{owns}, steps));
  ASSERT_EQ(steps.size(), static_cast<size_t>(kHubEdges));
  const Value* share = FindProperty(steps[801].properties, *view.catalog().property_keys().Find("share"));
  ASSERT_NE(share, nullptr);
  EXPECT_EQ(*share, Value(801 / 8.0));
  EXPECT_TRUE(view.ontology().IsSymmetric("PARTNERS_WITH"));
}

std::string ToHex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    hex += kDigits[static_cast<uint8_t>(c) >> 4];
    hex += kDigits[static_cast<uint8_t>(c) & 15];
  }
  return hex.empty() ? "-" : hex;
}
std::string FromHex(const std::string& hex) {
  std::string bytes;
  if (hex == "-") return bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::strtol(hex.substr(i, 2).c_str(), nullptr, 16)));
  }
  return bytes;
}

std::shared_ptr<KvStore> ReadGolden(uint32_t version) {
  std::ifstream file(std::string(TUPU_SOURCE_DIR "/tests/storage/golden/format_") + std::to_string(version) + ".txt");
  EXPECT_TRUE(file.is_open()) << "a golden store for each version";
  std::vector<KvWrite> batch;
  int space = 0;
  std::string key;
  std::string value;
  while (file >> space >> key >> value) {
    batch.push_back({static_cast<Keyspace>(space), FromHex(key), FromHex(value)});
  }
  std::shared_ptr<KvStore> kv = OpenMemoryStore();
  MustBeDone(kv->Write(batch, {}, false));
  return kv;
}

TEST(GoldenStore, OfEachVersionOpensAndIsWhole) {
  for (uint32_t version = 1; version <= kFormatVersion; ++version) {
    SCOPED_TRACE(version);
    const std::shared_ptr<KvStore> kv = ReadGolden(version);
    const auto store = Must(GraphStore::OpenOn(std::make_unique<KvCopy>(kv), {}));
    ExpectGolden(*Must(store->Snapshot()));
    const CheckReport report = Must(CheckGraph(*kv, {}));
    for (const Finding& finding : report.findings) {
      ADD_FAILURE() << Name(finding.damage) << ": " << finding.where << ", expected " << finding.expected << ", found "
                    << finding.found;
    }
    // It can be written to.
    auto transaction = Must(store->BeginWrite());
    const VertexId added = Must(transaction->CreateVertex({}, {}));
    Must(transaction->CreateEdge(VertexId{0}, transaction->InternEdgeType("OWNS"), added, {}));
    MustBeDone(transaction->Commit());
    EXPECT_TRUE(Must(CheckGraph(*kv, {})).clean());
  }
}

TEST(GoldenStore, ThePresentVersionWritesTheSameBytes) {
  const std::shared_ptr<KvStore> kv = OpenMemoryStore();
  FillGolden(*Must(GraphStore::OpenOn(std::make_unique<KvCopy>(kv), {})));
  std::string text;
  for (int space = 0; space < kNumKeyspaces; ++space) {
    MustBeDone(Must(kv->Snapshot())->Scan(static_cast<Keyspace>(space), "", "", [&](auto key, auto value) {
      text += std::to_string(space) + " " + ToHex(key) + " " + ToHex(value) + "\n";
      return true;
    }));
  }
  if (const char* path = std::getenv("TUPU_WRITE_GOLDEN")) {
    std::ofstream(path) << text;
    return;
  }
  std::ifstream file(std::string(TUPU_SOURCE_DIR "/tests/storage/golden/format_") + std::to_string(kFormatVersion) +
                     ".txt");
  const std::string golden{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(text == golden) << "bytes on disk changed: raise kFormatVersion, add a migration and a golden store";
}

}  // namespace
}  // namespace tupu
