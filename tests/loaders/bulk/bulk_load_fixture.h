#pragma once

#include <array>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "storage/catalog/index_catalog.h"
#include "storage/check/check_graph.h"
#include "storage/graph/index_range.h"
#include "storage/graph/schema_change.h"
#include "storage/kv/kv_store.h"
#include "tests/bench/firm_graph.h"
#include "tests/loaders/load_fixture.h"

namespace tupu {

/// Keeps the pairs of a store within reach when the graph store owns it.
class SharedKv : public KvStore {
 public:
  explicit SharedKv(std::shared_ptr<KvStore> kv) : kv_(std::move(kv)) {}
  Result<std::shared_ptr<const KvSnapshot>> Snapshot() const override { return kv_->Snapshot(); }
  Status Write(std::span<const KvWrite> batch, std::span<const KvPrecondition> preconditions, bool sync) override {
    return kv_->Write(batch, preconditions, sync);
  }
  Status Checkpoint(const std::string& directory) override { return kv_->Checkpoint(directory); }
  Result<KvStats> Stats() const override { return kv_->Stats(); }
  Result<std::unique_ptr<KvBulkWriter>> BulkWriter() override { return kv_->BulkWriter(); }

 private:
  const std::shared_ptr<KvStore> kv_;
};

/// Loads the same files in bulk and by a transaction, and compares all that they leave behind.
class BulkLoadTest : public LoadTest {
 protected:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  struct Loaded {
    LoaderSummary summary;
    std::optional<Error> error;
    Pairs pairs;
    std::string report;
  };

  static Pairs PairsOf(const KvStore& kv) {
    Pairs pairs;
    const auto snapshot = *kv.Snapshot();
    for (int space = 0; space < kNumKeyspaces; ++space) {
      const Status scanned =
          snapshot->Scan(static_cast<Keyspace>(space), "", "", [&](std::string_view key, std::string_view value) {
            pairs.emplace_back(std::to_string(space) + "/" + std::string(key), value);
            return true;
          });
      EXPECT_TRUE(scanned.has_value());
    }
    return pairs;
  }

  Loaded LoadWith(bool bulk, size_t threads) {
    const std::shared_ptr<KvStore> kv = OpenMemoryStore();
    const auto store = std::move(*GraphStore::OpenOn(std::make_unique<SharedKv>(kv), {}));
    LoaderOptions options = options_;
    options.bulk = bulk;
    options.threads = threads;
    std::filesystem::remove(options.report_file);
    if (prepare_) prepare_(*store);
    if (!stored_folder_.empty()) {
      LoaderOptions first;
      first.bulk = false;
      EXPECT_TRUE(LoadInto(*store, std::vector<std::string>{stored_folder_}, first).has_value());
    }
    Loaded loaded;
    Result<LoaderSummary> summary = LoadInto(*store, std::vector<std::string>{folder_.string()}, options);
    if (summary.has_value()) {
      loaded.summary = *summary;
    } else {
      loaded.error = summary.error();
    }
    loaded.pairs = PairsOf(*kv);
    loaded.report = Report();
    const Result<CheckReport> check = CheckGraph(*kv, {});
    EXPECT_TRUE(check.has_value() && check->clean()) << (check && !check->clean() ? check->findings[0].where : "");
    return loaded;
  }

  /// The same pairs, report, counts and error, whatever the way and the number of threads. Gives the bulk load.
  Loaded ExpectSame(bool in_bulk = true) {
    const Loaded expected = LoadWith(false, 1);
    EXPECT_FALSE(expected.summary.bulk);
    Loaded loaded;
    for (const size_t threads : {1, 3}) {
      loaded = LoadWith(true, threads);
      EXPECT_EQ(loaded.error.has_value(), expected.error.has_value());
      EXPECT_EQ(loaded.error ? loaded.error->message : "", expected.error ? expected.error->message : "");
      EXPECT_TRUE(loaded.error || loaded.summary.bulk == in_bulk) << loaded.summary.why_not_bulk;
      EXPECT_TRUE(loaded.pairs == expected.pairs) << loaded.pairs.size() << " pairs, not " << expected.pairs.size();
      EXPECT_EQ(loaded.report, expected.report);
      EXPECT_EQ(loaded.summary.vertices_created, expected.summary.vertices_created);
      EXPECT_EQ(loaded.summary.vertices_merged, expected.summary.vertices_merged);
      EXPECT_EQ(loaded.summary.vertices_unchanged, expected.summary.vertices_unchanged);
      EXPECT_EQ(loaded.summary.edges_created, expected.summary.edges_created);
      EXPECT_EQ(loaded.summary.edges_merged, expected.summary.edges_merged);
      EXPECT_EQ(loaded.summary.edges_unchanged, expected.summary.edges_unchanged);
      EXPECT_EQ(loaded.summary.rows_skipped, expected.summary.rows_skipped);
    }
    return loaded;
  }

  void WriteFirms(uint64_t edges) {
    ASSERT_TRUE(WriteFirmGraph(FirmGraph({.edges = edges, .seed = 7}), folder_.string()).has_value());
  }

  template <class T>
  static void Must(const Result<T>& result) {
    ASSERT_TRUE(result.has_value()) << result.error().message;
  }

  /// The entries of an index of one property that have `value`.
  size_t CountOf(const std::string& index, const Value& value) const {
    const auto view = *store_->Snapshot();
    const IndexDefinition* definition = view->indexes().FindIndex(index);
    const IndexRange range{{value}, {}, {}, {}};
    if (definition->target.entity == EntityKind::kEdge) {
      std::array<EdgeReference, 64> edges;
      return *(*view->SeekEdges(definition->id, range))->Next(edges);
    }
    std::array<VertexId, 64> vertices;
    return *(*view->SeekVertices(definition->id, range))->Next(vertices);
  }

  /// The load is refused in bulk as by a transaction: with the same code and nothing left behind. Gives the bulk message.
  std::string ExpectSameRefusal(ErrorCode code) {
    const Loaded expected = LoadWith(false, 1);
    EXPECT_EQ(expected.error ? expected.error->code : ErrorCode::kInternal, code);
    std::string message;
    for (const size_t threads : {1, 3}) {
      const Loaded loaded = LoadWith(true, threads);
      if (!loaded.error) return "it was not refused";
      EXPECT_EQ(loaded.error->code, code) << loaded.error->message;
      EXPECT_TRUE(loaded.pairs == expected.pairs);
      EXPECT_TRUE(message.empty() || message == loaded.error->message) << message << "\n" << loaded.error->message;
      message = loaded.error->message;
    }
    return message;
  }

  std::string InFolder(const std::string& name) const { return (folder_ / name).string(); }

  static void AddConstraint(GraphStore& store, ConstraintKind kind, EntityKind entity, const std::string& schema,
                            const std::vector<std::string>& properties, const std::string& name) {
    ConstraintRequest request;
    request.name = name;
    request.entity = entity;
    request.schema = schema;
    request.properties = properties;
    request.kind = kind;
    Must(store.CreateConstraint(request, {}));
  }

  std::string stored_folder_;                 // loaded before, by a transaction
  std::function<void(GraphStore&)> prepare_;  // an empty store

  std::string Append(const std::string& name, std::string_view bytes) const {
    const std::filesystem::path path = folder_ / name;
    std::ofstream(path, std::ios::binary | std::ios::app) << bytes;
    return path.string();
  }
};

}  // namespace tupu
