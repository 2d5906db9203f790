// Loads the CSV files of the firm graph (tupu_firm_graph) into tupu and its peers in one run, and prints edges/s, CPU
// seconds, peak memory and bytes per edge, with ratios to tupu. Each loader is a process of its own, so that peak memory
// is its own; they run one after the other.
//   tupu     LoadInto: both directions, exact name index, counts, saved CSRs; then compacted
//   sqlite   one transaction, prepared INSERTs; vertices by key, a unique name index, covering edge indexes both ways
//   kuzu     COPY through its npm package, if `node` and the package are there: set NODE_PATH
// Usage: tupu_load_compare DATA SCRATCH [--threads N] [--only tupu,sqlite,kuzu] [--transaction] [--indexes]
//   --indexes: into a database with a unique constraint and an index of vertices and an index of 250,000 in a million edges

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>

#include <fmt/format.h>
#ifdef TUPU_WITH_SQLITE
#include <sqlite3.h>
#endif

#include "loaders/load.h"
#include "storage/csv/csv_reader.h"
#include "storage/graph/graph_store.h"
#include "storage/graph/schema_change.h"
#include "storage/kv/kv_store.h"
#include "tests/bench/firm_graph.h"
#include "tests/bench/measure.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

struct Settings {
  std::string data;
  std::string scratch;
  size_t threads = std::max(1u, std::thread::hardware_concurrency());
  std::string only = "tupu,sqlite,kuzu";
  bool bulk = true;
  bool indexes = false;
};

struct Measurement {
  std::string loader;
  double seconds = 0;
  double cpu_seconds = 0;
  uint64_t peak_bytes = 0;
  uint64_t disk_bytes = 0;
  uint64_t compacted_bytes = 0;  // 0: the same
};

bool IsSavedCsr(const fs::path& path) {
  return path.filename().string().starts_with("csr-");
}

/// Saved CSRs are a cache and stated beside it: those alone, or all else.
uint64_t BytesUnder(const std::string& path, bool saved_csrs = false) {
  if (fs::is_regular_file(path)) return fs::file_size(path);
  uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file() && IsSavedCsr(entry.path()) == saved_csrs) bytes += entry.file_size();
  }
  return bytes;
}

/// Runs `load` in a process of its own; what it prints behind "disk" comes back through a pipe.
std::optional<Measurement> InProcess(const std::string& loader, const std::function<std::string()>& load) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return std::nullopt;
  std::fflush(stdout);
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    const std::string answer = load();
    const ssize_t written = write(ends[1], answer.data(), answer.size());
    _exit(written == static_cast<ssize_t>(answer.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string answer;
  std::array<char, 256> piece;
  for (ssize_t size = read(ends[0], piece.data(), piece.size()); size > 0;
       size = read(ends[0], piece.data(), piece.size()))
    answer.append(piece.data(), static_cast<size_t>(size));
  close(ends[0]);
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  Measurement measured;
  measured.loader = loader;
  measured.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  measured.cpu_seconds = static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  measured.peak_bytes = static_cast<uint64_t>(usage.ru_maxrss) * 1024;
  unsigned long long disk = 0;
  if (std::sscanf(answer.c_str(), "disk %llu", &disk) == 1) measured.disk_bytes = disk;
  return measured;
}

void MakeIndexes(GraphStore& store) {
  ConstraintRequest unique;
  unique.schema = "Firm";
  unique.properties = {"id"};
  unique.kind = ConstraintKind::kUnique;
  Must(store.CreateConstraint(unique, {}));
  Must(store.CreateIndex({"by_name", EntityKind::kVertex, "Firm", {"name"}}, {}));
  Must(store.CreateIndex({"by_since", EntityKind::kEdge, "SUPPLIES", {"since", "weight"}}, {}));
}

std::string LoadTupu(const Settings& settings, const std::string& path) {
  {
    const auto store = Must(GraphStore::Open(path, {}));
    if (settings.indexes) MakeIndexes(*store);
    LoaderOptions options;
    options.bulk = settings.bulk;
    options.threads = settings.threads;
    const std::array<std::string, 1> paths = {settings.data};
    const LoaderSummary summary = Must(LoadInto(*store, paths, options));
    fmt::print("tupu: {} vertices, {} edges, {} ({:.2f} s in the load; {:.1f} bytes of saved CSRs an edge)\n",
               summary.vertices_created, summary.edges_created,
               summary.bulk ? "in bulk" : "by a transaction: " + summary.why_not_bulk, summary.seconds,
               static_cast<double>(BytesUnder(path, true)) / static_cast<double>(summary.edges_created));
    std::fflush(stdout);
  }
  return fmt::format("disk {}", BytesUnder(path));
}

uint64_t CompactTupu(const std::string& path) {
  {
    const auto kv = Must(OpenRocksDbStore(path, {}));
    Must(kv->Compact());
  }
  return BytesUnder(path);
}

#ifdef TUPU_WITH_SQLITE

class Sqlite {
 public:
  explicit Sqlite(const std::string& path) { Check(sqlite3_open(path.c_str(), &db_)); }
  ~Sqlite() { sqlite3_close(db_); }
  void Run(const std::string& sql) { Check(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr)); }
  sqlite3_stmt* Prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    Check(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr));
    return statement;
  }
  void Step(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) Check(SQLITE_ERROR);
    sqlite3_reset(statement);
  }

 private:
  void Check(int code) {
    if (code == SQLITE_OK) return;
    fmt::print(stderr, "sqlite: {}\n", sqlite3_errmsg(db_));
    std::exit(1);
  }
  sqlite3* db_ = nullptr;
};

/// Calls `row` for each row behind the header.
void ForEachRow(const std::string& path, const std::function<void(std::span<const CsvField>)>& row) {
  CsvReader reader(Must(OpenTextSource(path)), path);
  Must(reader.Next());
  while (Must(reader.Next())) row(reader.fields());
}

void BindText(sqlite3_stmt* statement, int at, std::string_view text) {
  sqlite3_bind_text(statement, at, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
}

int64_t ToInteger64(std::string_view text) {
  return std::strtoll(std::string(text).c_str(), nullptr, 10);
}

std::string LoadSqlite(const Settings& settings, const std::string& path) {
  {
    Sqlite db(path);
    db.Run(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144;"
        "CREATE TABLE vertex (id INTEGER PRIMARY KEY, name TEXT, label TEXT);"
        "CREATE TABLE edge (start INTEGER, stop INTEGER, type TEXT, since INTEGER, weight REAL); BEGIN");
    sqlite3_stmt* vertex = db.Prepare("INSERT INTO vertex VALUES (?, ?, ?)");
    for (const FirmLabelShare& label : kFirmLabels) {
      ForEachRow(fmt::format("{}/{}", settings.data, label.file), [&](std::span<const CsvField> row) {
        sqlite3_bind_int64(vertex, 1, ToInteger64(row[0].text));
        BindText(vertex, 2, row[1].text);
        BindText(vertex, 3, row[2].text);
        db.Step(vertex);
      });
    }
    sqlite3_stmt* edge = db.Prepare("INSERT INTO edge VALUES (?, ?, ?, ?, ?)");
    for (const FirmEdgeShare& type : kFirmEdgeTypes) {
      ForEachRow(fmt::format("{}/{}", settings.data, type.file), [&](std::span<const CsvField> row) {
        sqlite3_bind_int64(edge, 1, ToInteger64(row[0].text));
        sqlite3_bind_int64(edge, 2, ToInteger64(row[1].text));
        BindText(edge, 3, row[2].text);
        sqlite3_bind_int64(edge, 4, ToInteger64(row[3].text));
        sqlite3_bind_double(edge, 5, std::strtod(std::string(row[4].text).c_str(), nullptr));
        db.Step(edge);
      });
    }
    sqlite3_finalize(vertex);
    sqlite3_finalize(edge);
    db.Run(
        "CREATE INDEX by_name ON vertex (name);"
        "CREATE INDEX forth ON edge (start, type, stop, since, weight);"
        "CREATE INDEX back ON edge (stop, type, start, since, weight); COMMIT");
  }
  return fmt::format("disk {}", BytesUnder(path));
}
#endif

constexpr const char* kKuzuScript = R"(
const kuzu = require('kuzu'); const fs = require('fs'); const [data, path, threads, plan] = process.argv.slice(1);
(async () => {
  const db = new kuzu.Database(path); const conn = new kuzu.Connection(db); await conn.setMaxNumThreadForExec(Number(threads));
  for (const line of plan.split('\n')) if (line) await conn.query(line.replaceAll('$DATA', data));
  await conn.close(); await db.close();
})().catch(e => { console.error(String(e)); process.exit(1); });
)";

std::string KuzuPlan() {
  std::string plan;
  const auto name_of = [](FirmLabel label) { return kFirmLabels[static_cast<size_t>(label)].name; };
  // Without the columns that a table of one label or type does not need: so it loads faster and is smaller.
  for (const FirmLabelShare& label : kFirmLabels) {
    plan += fmt::format("CREATE NODE TABLE {}(id INT64, name STRING, PRIMARY KEY(id))\n", label.name);
    plan += fmt::format(
        "COPY {} FROM (LOAD WITH HEADERS (id INT64, name STRING, label STRING) FROM '$DATA/{}' (HEADER=true) "
        "RETURN id, name)\n",
        label.name, label.file);
  }
  for (const FirmEdgeShare& type : kFirmEdgeTypes) {
    plan +=
        fmt::format("CREATE REL TABLE {}(FROM Firm TO {}, since INT64, weight DOUBLE)\n", type.name, name_of(type.end));
    plan += fmt::format(
        "COPY {} FROM (LOAD WITH HEADERS (s INT64, e INT64, type STRING, since INT64, weight DOUBLE) FROM '$DATA/{}' "
        "(HEADER=true) RETURN s, e, since, weight)\n",
        type.name, type.file);
  }
  return plan;
}

std::string LoadKuzu(const Settings& settings, const std::string& path) {
  const pid_t child = fork();
  if (child == 0) {
    const std::string threads = std::to_string(settings.threads);
    const std::string plan = KuzuPlan();
    execlp("node", "node", "-e", kKuzuScript, settings.data.c_str(), path.c_str(), threads.c_str(), plan.c_str(),
           static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) _exit(1);
  return fmt::format("disk {}", BytesUnder(path));
}

uint64_t CountEdges(const std::string& data) {
  uint64_t rows = 0;
  for (const FirmEdgeShare& type : kFirmEdgeTypes) {
    std::ifstream file(fmt::format("{}/{}", data, type.file), std::ios::binary);
    std::array<char, 1 << 16> piece;
    while (file.read(piece.data(), piece.size()) || file.gcount() > 0)
      rows += static_cast<uint64_t>(std::count(piece.data(), piece.data() + file.gcount(), '\n'));
    --rows;  // the header
  }
  return rows;
}

void Print(const std::vector<Measurement>& all, uint64_t edges) {
  fmt::print("{} edges\n{:8} {:>9} {:>12} {:>8} {:>10} {:>12} {:>12} {:>11}\n", edges, "loader", "s", "edges/s",
             "CPU s", "peak MiB", "bytes/edge", "compacted", "tupu/it");
  const auto per_edge = [&](uint64_t bytes) { return static_cast<double>(bytes) / static_cast<double>(edges); };
  for (const Measurement& one : all) {
    const double ratio = one.seconds / all.front().seconds;
    fmt::print("{:8} {:9.2f} {:12.0f} {:8.2f} {:10} {:12.1f} {:12.1f} {:10.2f}x\n", one.loader, one.seconds,
               static_cast<double>(edges) / one.seconds, one.cpu_seconds, one.peak_bytes >> 20,
               per_edge(one.disk_bytes), per_edge(one.compacted_bytes == 0 ? one.disk_bytes : one.compacted_bytes),
               ratio);
  }
}

int Main(int argc, char** argv) {
  Settings settings;
  if (argc < 3) {
    fmt::print(stderr,
               "usage: tupu_load_compare DATA SCRATCH [--threads N] [--only tupu,sqlite,kuzu] [--transaction] "
               "[--indexes]\n");
    return 2;
  }
  settings.data = argv[1];
  settings.scratch = argv[2];
  for (int i = 3; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--transaction") settings.bulk = false;
    if (option == "--indexes") settings.indexes = true;
    if (option == "--threads" && i + 1 < argc) settings.threads = std::strtoull(argv[++i], nullptr, 10);
    if (option == "--only" && i + 1 < argc) settings.only = argv[++i];
  }
  fs::create_directories(settings.scratch);
  struct Loader {
    const char* name;
    std::string (*load)(const Settings&, const std::string&);
  };
  const Loader loaders[] = {{"tupu", LoadTupu},
#ifdef TUPU_WITH_SQLITE
                            {"sqlite", LoadSqlite},
#endif
                            {"kuzu", LoadKuzu}};
  std::vector<Measurement> all;
  for (const Loader& loader : loaders) {
    if (settings.only.find(loader.name) == std::string::npos) continue;
    const std::string path = fmt::format("{}/{}.db", settings.scratch, loader.name);
    fs::remove_all(path);
    std::optional<Measurement> measured = InProcess(loader.name, [&] { return loader.load(settings, path); });
    if (!measured) {
      fmt::print("{}: not there, or failed\n", loader.name);
      continue;
    }
    if (measured->loader == "tupu") measured->compacted_bytes = CompactTupu(path);
    all.push_back(*measured);
  }
  if (!all.empty()) Print(all, CountEdges(settings.data));
  return 0;
}

}  // namespace
}  // namespace tupu

int main(int argc, char** argv) {
  return tupu::Main(argc, argv);
}
