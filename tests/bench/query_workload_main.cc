// Asks tupu, through its library, and its peers the questions of a file of tests/bench/workload, interleaved in one run,
// compares the answers and prints what a call takes. tests/bench/README.md says how to run it.

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>

#include "storage/csv/text_source.h"
#include "tests/bench/firm_graph.h"
#include "tests/bench/measure.h"
#include "tests/bench/workload.h"
#include "tests/bench/workload_engine.h"
#include "tests/bench/workload_report.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

struct Settings {
  std::string workload = "firms";
  std::string scale = "s1";
  std::string work = "query-workload";
  std::string data;      // empty: WORK/SCALE
  std::string database;  // empty: WORK/name.tupu
  std::string peers;     // folder of node_modules; empty: none through node
  std::vector<std::string> engines = {"floor", "tupu", "sqlite", "kuzu", "ladybug", "duckdb"};
  std::vector<std::string> queries;  // empty: all
  std::vector<std::string> threads = {"1"};
  size_t rounds = 3;
  size_t seconds = 10;
  std::string json;
  std::string markdown;
};

int Usage() {
  fmt::print(stderr,
             "usage: tupu_query_workload [option value]...\n"
             "  --workload  file of tests/bench/workload, by its name: firms (default), lsqb, listed; or a path\n"
             "  --scale     edges of the firm graph: s0.1, s1 (default), s10 or a number\n"
             "  --work      folder for data and databases that are made (default: query-workload)\n"
             "  --data      folder of the CSV files; of firms, made where missing (default: WORK/SCALE)\n"
             "  --db        tupu's database, loaded where missing (default: WORK/NAME.tupu)\n"
             "  --engines   of floor,tupu,sqlite,kuzu,ladybug,duckdb (default: all)\n"
             "  --peers     folder in which `npm install kuzu @ladybugdb/core @duckdb/node-api` was run; without, none "
             "of them\n"
             "  --queries   q1,q4,... (default: all)\n"
             "  --threads   1,2: one table each; of the engines that take a number of threads (default: 1)\n"
             "  --rounds    engines take turns this many times at each question (default: 3)\n"
             "  --seconds   limit of an engine's turn (default: 10); a call that was begun ends\n"
             "  --json, --markdown   files for all figures and for the table\n");
  return 2;
}

std::vector<std::string> SplitAtCommas(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) parts.emplace_back(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

std::optional<size_t> ToNumber(std::string_view text) {
  size_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size() || number == 0) return std::nullopt;
  return number;
}

std::optional<uint64_t> EdgesOf(std::string_view scale) {
  if (scale == "s0.1") return 100'000;
  if (scale == "s1") return 1'000'000;
  if (scale == "s10") return 10'000'000;
  const std::optional<size_t> edges = ToNumber(scale);
  return edges && *edges >= 100 ? edges : std::nullopt;
}

bool TakeNumber(const std::string& text, size_t& number) {
  const std::optional<size_t> read = ToNumber(text);
  number = read.value_or(number);
  return read.has_value();
}

bool TakeOption(std::string_view option, const std::string& value, Settings& settings) {
  const std::pair<std::string_view, std::string*> texts[] = {
      {"--workload", &settings.workload}, {"--scale", &settings.scale},      {"--work", &settings.work},
      {"--data", &settings.data},         {"--db", &settings.database},      {"--peers", &settings.peers},
      {"--json", &settings.json},         {"--markdown", &settings.markdown}};
  const std::pair<std::string_view, std::vector<std::string>*> lists[] = {
      {"--engines", &settings.engines}, {"--queries", &settings.queries}, {"--threads", &settings.threads}};
  for (const auto& [name, place] : texts) {
    if (option != name) continue;
    *place = value;
    return true;
  }
  for (const auto& [name, place] : lists) {
    if (option != name) continue;
    *place = SplitAtCommas(value);
    return true;
  }
  if (option == "--rounds") return TakeNumber(value, settings.rounds);
  return option == "--seconds" && TakeNumber(value, settings.seconds);
}

std::optional<Settings> ReadSettings(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc || !TakeOption(argv[i], argv[i + 1], settings)) return std::nullopt;
  }
  const bool firms = settings.workload == "firms";
  if (!EdgesOf(settings.scale) || (!firms && settings.data.empty())) return std::nullopt;
  if (!std::all_of(settings.threads.begin(), settings.threads.end(), [](const auto& text) { return ToNumber(text); }))
    return std::nullopt;
  if (settings.data.empty()) settings.data = settings.work + "/" + settings.scale;
  return settings;
}

/// Where databases go that are made of the data.
std::string DatabasePath(const Settings& settings, std::string_view engine) {
  if (engine == "tupu" && !settings.database.empty()) return settings.database;
  const fs::path data = fs::path(settings.data).lexically_normal();
  const std::string name = (data.has_filename() ? data : data.parent_path()).filename();
  return fmt::format("{}/{}.{}", settings.work, name, engine);
}

/// Of a folder with packed files, a copy with all files unpacked: not every peer reads gzip.
std::string UnpackedFolder(const Settings& settings) {
  const bool packed = std::any_of(fs::directory_iterator(settings.data), fs::directory_iterator(),
                                  [](const auto& entry) { return entry.path().extension() == ".gz"; });
  if (!packed) return settings.data;
  const std::string folder = DatabasePath(settings, "csv");
  if (fs::exists(folder)) return folder;
  fs::create_directories(folder);
  for (const auto& entry : fs::directory_iterator(settings.data)) {
    if (!entry.is_regular_file()) continue;
    const fs::path& path = entry.path();
    const auto source = Must(OpenTextSource(path));
    std::ofstream copy(fs::path(folder) / (path.extension() == ".gz" ? path.stem() : path.filename()),
                       std::ios::binary);
    std::vector<char> piece(1 << 16);
    for (size_t size = Must(source->Read(piece)); size > 0; size = Must(source->Read(piece)))
      copy.write(piece.data(), static_cast<std::streamsize>(size));
  }
  return folder;
}

Result<std::unique_ptr<WorkloadEngine>> OpenEngine(const std::string& name, const Settings& settings,
                                                   const Workload& workload, size_t threads) {
  const std::string path = DatabasePath(settings, name);
  const auto load = workload.loads.find(name);
  const std::vector<std::string> statements = load == workload.loads.end() ? std::vector<std::string>() : load->second;
  if (name == "tupu") return OpenTupuEngine(path, statements, settings.data);
  if (name == "floor") return MakeFloorEngine(FirmGraph({.edges = *EdgesOf(settings.scale)}));
  const std::string folder = UnpackedFolder(settings);
#ifdef TUPU_WITH_SQLITE
  if (name == "sqlite") return OpenSqliteEngine(path, statements, folder);
#endif
  if (name != "kuzu" && name != "ladybug" && name != "duckdb")
    return Error{ErrorCode::kNotFound, "not there in this build"};
  if (settings.peers.empty()) return Error{ErrorCode::kNotFound, "not there: --peers names no folder of packages"};
  return OpenPeerEngine({name, TUPU_SOURCE_DIR "/tests/bench/peers/peer.mjs", fs::absolute(settings.peers), threads},
                        path, statements, folder);
}

using Engines = std::vector<std::unique_ptr<WorkloadEngine>>;

Engines OpenEngines(const Settings& settings, const Workload& workload, WorkloadReport& report) {
  Engines engines;
  for (const std::string& name : settings.engines) {
    if (name == "floor" && settings.workload != "firms") continue;
    fmt::print(stderr, "opening {}\n", name);
    Result<std::unique_ptr<WorkloadEngine>> engine = OpenEngine(name, settings, workload, report.threads);
    if (!engine) {
      report.notes.push_back(fmt::format("{}: {}", name, engine.error().message));
      continue;
    }
    report.engines.push_back(name);
    engines.push_back(std::move(engine).value());
  }
  return engines;
}

void MeasureRound(WorkloadEngine& engine, const WorkloadQuery& query, double seconds, WorkloadFigures& figures) {
  const Result<WorkloadCalls> calls = engine.Measure(query, seconds);
  if (!calls) {
    figures.failure = calls.error().message;
    return;
  }
  figures.wall_us.insert(figures.wall_us.end(), calls->wall_us.begin(), calls->wall_us.end());
  figures.cpu_us += calls->cpu_us;
}

/// The engines take turns, so that what else the machine does hits all of them.
WorkloadRow Ask(const WorkloadQuery& query, const Engines& engines, const Settings& settings) {
  const auto seconds = static_cast<double>(settings.seconds);
  WorkloadRow row;
  row.query = &query;
  std::vector<WorkloadEngine*> asked;
  for (const auto& engine : engines) {
    if (!engine->Takes(query)) continue;
    WorkloadFigures& figures = row.engines.emplace_back();
    figures.engine = engine->name();
    asked.push_back(engine.get());
    Result<std::vector<WorkloadAnswer>> answers = engine->Answer(query, seconds);
    if (answers) {
      figures.answers = std::move(answers).value();
    } else {
      figures.failure = answers.error().message;
    }
  }
  for (size_t round = 0; round < settings.rounds; ++round) {
    for (size_t i = 0; i < asked.size(); ++i) {
      if (row.engines[i].failure.empty()) MeasureRound(*asked[i], query, seconds, row.engines[i]);
    }
  }
  return row;
}

WorkloadReport Measure(const Settings& settings, const Workload& workload, size_t threads) {
  WorkloadReport report;
  report.data =
      fmt::format("{} {}", settings.workload,
                  settings.workload == "firms" ? settings.scale : fs::path(settings.data).filename().string());
  report.threads = threads;
  report.sum = workload.sum;
  const Engines engines = OpenEngines(settings, workload, report);
  const std::set<std::string> wanted(settings.queries.begin(), settings.queries.end());
  for (const WorkloadQuery& query : workload.queries) {
    if (!wanted.empty() && !wanted.contains(query.id)) continue;
    fmt::print(stderr, "asking {}\n", query.id);
    report.rows.push_back(Ask(query, engines, settings));
  }
  return report;
}

void WriteText(const std::string& path, const std::string& text) {
  if (path.empty()) return;
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) Must(Status(Error{ErrorCode::kIo, fmt::format("{}: cannot be written", path)}));
}

int Main(int argc, char** argv) {
  const std::optional<Settings> settings = ReadSettings(argc, argv);
  if (!settings) return Usage();
  const bool named = settings->workload.find('/') == std::string::npos;
  const std::string file = fmt::format("{}/tests/bench/workload/{}.queries", TUPU_SOURCE_DIR, settings->workload);
  Workload workload = Must(ReadWorkload(named ? file : settings->workload));
  const FirmGraph graph({.edges = *EdgesOf(settings->scale)});
  if (settings->workload == "firms") workload.lists = FirmInputs(graph);
  Must(FillInputs(workload));
  fs::create_directories(settings->work);
  if (!fs::exists(settings->data)) Must(WriteFirmGraph(graph, settings->data));

  std::vector<WorkloadReport> reports;
  for (const std::string& threads : settings->threads) {
    reports.push_back(Measure(*settings, workload, *ToNumber(threads)));
    fmt::print("{}\n", WorkloadTable(reports.back()));
    std::fflush(stdout);
  }
  WriteText(settings->json, WorkloadJson(reports));
  WriteText(settings->markdown, WorkloadMarkdown(reports));
  const bool wrong =
      std::any_of(reports.begin(), reports.end(), [](const auto& report) { return report.HasWrongAnswer(); });
  return wrong ? 1 : 0;
}

}  // namespace
}  // namespace tupu

int main(int argc, char** argv) {
  return tupu::Main(argc, argv);
}
