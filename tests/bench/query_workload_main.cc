// Asks tupu, through its library, the questions of tests/bench/workload and prints what a call takes: p50, p99 and mean
// of the wall time, CPU time of all threads, and a checksum of the answers. The firm graph is generated, and loaded by
// `tupu load`'s own path, where it is missing. Usage: see Usage() or tests/bench/README.md.

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include <fmt/format.h>

#include <tupu/tupu.h>

#include "tests/bench/firm_graph.h"
#include "tests/bench/measure.h"
#include "tests/bench/workload.h"
#include "tests/bench/workload_engine.h"
#include "tests/bench/workload_report.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

struct Settings {
  std::string workload = TUPU_SOURCE_DIR "/tests/bench/workload/firms.queries";
  std::string scale = "s1";
  std::string data;      // empty: WORK/SCALE
  std::string database;  // empty: DATA.tupu
  std::string work = "query-workload";
  std::set<std::string> queries;  // empty: all
  size_t rounds = 3;
  double seconds = 10;
  std::string json;
};

int Usage() {
  fmt::print(stderr,
             "usage: tupu_query_workload [--scale s0.1|s1|s10] [--work DIR] [--data DIR] [--db DIR]\n"
             "         [--queries q1,q4,...] [--rounds N] [--seconds S] [--json FILE] [--workload FILE]\n"
             "  --work     folder for the data and databases that are made (default: query-workload)\n"
             "  --data     CSV files of tupu_firm_graph, made where missing (default: WORK/SCALE)\n"
             "  --db       tupu's database, loaded from the data where missing (default: DATA.tupu)\n"
             "  --seconds  limit of one round of one question (default: 10)\n");
  return 2;
}

std::optional<uint64_t> EdgesOf(std::string_view scale) {
  if (scale == "s0.1") return 100'000;
  if (scale == "s1") return 1'000'000;
  if (scale == "s10") return 10'000'000;
  return std::nullopt;
}

std::set<std::string> SplitAtCommas(std::string_view text) {
  std::set<std::string> parts;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    if (comma > 0) parts.emplace(text.substr(0, comma));
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return parts;
}

template <class T>
bool ReadNumber(std::string_view text, T& number) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && stop == text.data() + text.size() && number > 0;
}

std::optional<Settings> ReadSettings(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view option = argv[i];
    if (i + 1 == argc) return std::nullopt;
    const std::string value = argv[i + 1];
    bool known = true;
    if (option == "--scale") {
      settings.scale = value;
      known = EdgesOf(value).has_value();
    } else if (option == "--work") {
      settings.work = value;
    } else if (option == "--data") {
      settings.data = value;
    } else if (option == "--db") {
      settings.database = value;
    } else if (option == "--queries") {
      settings.queries = SplitAtCommas(value);
    } else if (option == "--rounds") {
      known = ReadNumber(value, settings.rounds);
    } else if (option == "--seconds") {
      known = ReadNumber(value, settings.seconds);
    } else if (option == "--json") {
      settings.json = value;
    } else if (option == "--workload") {
      settings.workload = value;
    } else {
      known = false;
    }
    if (!known) return std::nullopt;
  }
  if (settings.data.empty()) settings.data = settings.work + "/" + settings.scale;
  if (settings.database.empty()) settings.database = settings.data + ".tupu";
  return settings;
}

void MakeMissingData(const Settings& settings, const FirmGraph& graph) {
  if (!fs::exists(settings.data)) Must(WriteFirmGraph(graph, settings.data));
  if (fs::exists(settings.database)) return;
  fmt::print(stderr, "loading {}\n", settings.database);
  Database database = Must(Database::Open(settings.database));
  Must(database.Load({settings.data}));
}

/// Asks one engine after the other, round by round, so that what else the machine does hits all of them.
WorkloadRow Ask(const WorkloadQuery& query, const std::vector<std::unique_ptr<WorkloadEngine>>& engines,
                const Settings& settings) {
  WorkloadRow row;
  row.query = &query;
  std::vector<WorkloadEngine*> asked;
  for (const auto& engine : engines) {
    if (query.FindText(engine->name()) == nullptr) continue;
    WorkloadFigures& figures = row.engines.emplace_back();
    figures.engine = engine->name();
    asked.push_back(engine.get());
    Result<std::vector<WorkloadAnswer>> answers = engine->Answer(query, settings.seconds);
    if (answers) {
      figures.answers = std::move(answers).value();
    } else {
      figures.failure = answers.error().message;
    }
  }
  for (size_t round = 0; round < settings.rounds; ++round) {
    for (size_t i = 0; i < asked.size(); ++i) {
      WorkloadFigures& figures = row.engines[i];
      if (!figures.failure.empty()) continue;
      const Result<WorkloadCalls> calls = asked[i]->Measure(query, settings.seconds);
      if (!calls) {
        figures.failure = calls.error().message;
        continue;
      }
      figures.wall_us.insert(figures.wall_us.end(), calls->wall_us.begin(), calls->wall_us.end());
      figures.cpu_us += calls->cpu_us;
    }
  }
  return row;
}

int Main(int argc, char** argv) {
  const std::optional<Settings> settings = ReadSettings(argc, argv);
  if (!settings) return Usage();
  const FirmGraph graph({.edges = *EdgesOf(settings->scale)});
  MakeMissingData(*settings, graph);
  std::vector<WorkloadQuery> queries = Must(ReadWorkload(settings->workload));
  Must(FillInputs(FirmInputs(graph), queries));
  std::vector<std::unique_ptr<WorkloadEngine>> engines;
  engines.push_back(Must(OpenTupuEngine(settings->database)));
  std::vector<WorkloadRow> rows;
  for (const WorkloadQuery& query : queries) {
    if (!settings->queries.empty() && !settings->queries.contains(query.id)) continue;
    rows.push_back(Ask(query, engines, *settings));
  }
  PrintWorkload(rows, stdout);
  if (!settings->json.empty()) Must(WriteWorkloadJson(rows, settings->json));
  return 0;
}

}  // namespace
}  // namespace tupu

int main(int argc, char** argv) {
  return tupu::Main(argc, argv);
}
