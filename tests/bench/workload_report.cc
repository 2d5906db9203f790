#include "tests/bench/workload_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <fstream>
#include <numeric>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tupu {
namespace {

constexpr std::string_view kTupu = "tupu";
constexpr std::string_view kFloor = "floor";

using Cells = std::vector<std::string>;

/// Three digits that count.
std::string Microseconds(double value) {
  if (value >= 100) return fmt::format("{:.0f}", value);
  return fmt::format("{:.{}f}", value, value >= 10 ? 1 : 2);
}

std::string Times(double ratio) {
  return fmt::format("{:.{}f}x", ratio, ratio >= 10 ? 0 : 2);
}

bool IsPeer(std::string_view engine) {
  return engine != kTupu && engine != kFloor;
}

std::optional<double> Median(const WorkloadRow& row, std::string_view engine) {
  const WorkloadFigures* figures = row.Find(engine);
  if (figures == nullptr || !figures->failure.empty() || figures->wall_us.empty()) return std::nullopt;
  return figures->Percentile(0.5);
}

/// By engine, in the report's order; nullopt where it gave no answer.
using Medians = std::vector<std::optional<double>>;

Medians MediansOf(const WorkloadReport& report, const WorkloadRow& row) {
  Medians medians;
  for (const std::string& engine : report.engines) medians.push_back(Median(row, engine));
  return medians;
}

/// nullopt: it did not answer all questions.
Medians SumOf(const WorkloadReport& report) {
  Medians sum(report.engines.size(), 0.0);
  for (const WorkloadRow& row : report.rows) {
    const Medians medians = MediansOf(report, row);
    for (size_t i = 0; i < sum.size(); ++i) {
      if (!medians[i]) sum[i].reset();
      if (sum[i]) *sum[i] += *medians[i];
    }
  }
  return sum;
}

std::optional<double> Of(const WorkloadReport& report, const Medians& medians, std::string_view engine) {
  for (size_t i = 0; i < medians.size(); ++i) {
    if (report.engines[i] == engine) return medians[i];
  }
  return std::nullopt;
}

/// The best peer's time.
std::optional<double> BestPeer(const WorkloadReport& report, const Medians& medians) {
  std::optional<double> best;
  for (size_t i = 0; i < medians.size(); ++i) {
    if (IsPeer(report.engines[i]) && medians[i] && (!best || *medians[i] < *best)) best = medians[i];
  }
  return best;
}

std::string Ratio(std::optional<double> above, std::optional<double> below) {
  return above && below ? Times(*above / *below) : "";
}

std::string EngineCell(const WorkloadReport& report, const WorkloadRow* row, const Medians& medians, size_t engine) {
  const std::string& name = report.engines[engine];
  const WorkloadFigures* figures = row == nullptr ? nullptr : row->Find(name);
  if (figures != nullptr && !figures->failure.empty()) return "failed";
  if (!medians[engine]) return "-";
  std::string cell = Microseconds(*medians[engine]);
  const std::optional<double> mine = Of(report, medians, kTupu);
  if (IsPeer(name) && mine) cell += fmt::format(" ({})", Times(*medians[engine] / *mine));
  if (figures != nullptr && !row->Agrees(*figures)) cell += " ≠";
  return cell;
}

bool Has(const WorkloadReport& report, std::string_view engine) {
  return std::find(report.engines.begin(), report.engines.end(), engine) != report.engines.end();
}

bool HasPeer(const WorkloadReport& report) {
  return std::any_of(report.engines.begin(), report.engines.end(), IsPeer);
}

Cells HeaderOf(const WorkloadReport& report) {
  Cells cells = {"query"};
  for (const std::string& engine : report.engines) {
    cells.push_back(engine);
    if (engine == kTupu) cells.insert(cells.end(), {"p99", "CPU"});
  }
  if (HasPeer(report)) cells.push_back("best peer / tupu");
  if (Has(report, kFloor)) cells.push_back("tupu / floor");
  cells.push_back("what");
  return cells;
}

/// `row` is null for the sum of all.
Cells LineOf(const WorkloadReport& report, const WorkloadRow* row, const Medians& medians) {
  Cells cells = {row == nullptr ? "sum" : row->query->id};
  for (size_t i = 0; i < report.engines.size(); ++i) {
    cells.push_back(EngineCell(report, row, medians, i));
    if (report.engines[i] != kTupu) continue;
    const WorkloadFigures* mine = row == nullptr || !medians[i] ? nullptr : row->Find(kTupu);
    cells.push_back(mine == nullptr ? "" : Microseconds(mine->Percentile(0.99)));
    cells.push_back(mine == nullptr ? "" : Microseconds(mine->MeanCpu()));
  }
  const std::optional<double> mine = Of(report, medians, kTupu);
  if (HasPeer(report)) cells.push_back(Ratio(BestPeer(report, medians), mine));
  if (Has(report, kFloor)) cells.push_back(Ratio(mine, Of(report, medians, kFloor)));
  cells.push_back(row == nullptr ? "of all p50" : row->query->what);
  return cells;
}

std::vector<Cells> LinesOf(const WorkloadReport& report) {
  std::vector<Cells> lines = {HeaderOf(report)};
  for (const WorkloadRow& row : report.rows) lines.push_back(LineOf(report, &row, MediansOf(report, row)));
  if (report.sum) lines.push_back(LineOf(report, nullptr, SumOf(report)));
  return lines;
}

const WorkloadRow* FindRow(const WorkloadReport& report, std::string_view id) {
  const auto found =
      std::find_if(report.rows.begin(), report.rows.end(), [&](const auto& row) { return row.query->id == id; });
  return found == report.rows.end() ? nullptr : &*found;
}

/// How many of the inputs an engine was asked with, where time was up before the end.
std::string Shortened(const WorkloadRow& row, const WorkloadFigures& figures) {
  if (figures.answers.size() >= row.query->inputs.size()) return "";
  return fmt::format("{}, {}: {} of {} inputs in time", row.query->id, figures.engine, figures.answers.size(),
                     row.query->inputs.size());
}

std::vector<std::string> NotesOf(const WorkloadReport& report) {
  std::vector<std::string> notes = report.notes;
  for (const WorkloadRow& row : report.rows) {
    for (const WorkloadFigures& figures : row.engines) {
      const auto differs = row.query->differs.find(figures.engine);
      const std::string at = fmt::format("{}, {}: ", row.query->id, figures.engine);
      if (!figures.failure.empty()) {
        notes.push_back(at + figures.failure);
      } else if (row.IsWrong(figures)) {
        notes.push_back(at + "ANOTHER ANSWER than tupu's");
      } else if (!row.Agrees(figures)) {
        notes.push_back(at + "another answer: " + differs->second);
      } else if (std::string shortened = Shortened(row, figures); !shortened.empty()) {
        notes.push_back(std::move(shortened));
      }
    }
    const WorkloadRow* beside = FindRow(report, row.query->beside);
    const std::string ratio = beside == nullptr ? "" : Ratio(Median(row, kTupu), Median(*beside, kTupu));
    if (!ratio.empty()) notes.push_back(fmt::format("{} takes {} of {}", row.query->id, ratio, row.query->beside));
  }
  return notes;
}

/// Characters, for texts without combining or wide ones.
size_t WidthOf(std::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string ThreadsText(size_t threads) {
  return threads == 1 ? "one thread" : fmt::format("{} threads", threads);
}

/// E.g. "2 cores of AMD EPYC 9654, 24 GiB".
std::string MachineText() {
  const auto value_of = [](const char* path, std::string_view name) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      if (!line.starts_with(name)) continue;
      const size_t begin = line.find_first_not_of(" \t", line.find(':') + 1);
      return begin == std::string::npos ? std::string() : line.substr(begin);
    }
    return std::string();
  };
  const std::string memory = value_of("/proc/meminfo", "MemTotal");
  const double gibibytes = memory.empty() ? 0 : std::strtod(memory.c_str(), nullptr) / (1 << 20);
  return fmt::format("{} cores of {}, {:.0f} GiB", std::thread::hardware_concurrency(),
                     value_of("/proc/cpuinfo", "model name"), gibibytes);
}

std::string TodayText() {
  const std::time_t now = std::time(nullptr);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d", std::localtime(&now));
  return text.data();
}

nlohmann::json ToJson(const WorkloadRow& row, const WorkloadFigures& figures) {
  nlohmann::json json = {{"engine", figures.engine}};
  if (!figures.failure.empty()) {
    json["failure"] = figures.failure;
    return json;
  }
  json["p50_us"] = figures.Percentile(0.5);
  json["p99_us"] = figures.Percentile(0.99);
  json["mean_us"] = figures.MeanWall();
  json["cpu_us"] = figures.MeanCpu();
  json["calls"] = figures.wall_us.size();
  json["inputs_answered"] = figures.answers.size();
  json["checksum"] = fmt::format("{:016x}", figures.Checksum());
  json["agrees"] = row.Agrees(figures);
  return json;
}

}  // namespace

double WorkloadFigures::Percentile(double share) const {
  std::vector<double> sorted = wall_us;
  const auto at = static_cast<ptrdiff_t>(std::lround(share * static_cast<double>(sorted.size() - 1)));
  std::nth_element(sorted.begin(), sorted.begin() + at, sorted.end());
  return sorted[static_cast<size_t>(at)];
}

double WorkloadFigures::MeanWall() const {
  return std::accumulate(wall_us.begin(), wall_us.end(), 0.0) / static_cast<double>(wall_us.size());
}

uint64_t WorkloadFigures::Checksum() const {
  uint64_t sum = 0;
  for (const WorkloadAnswer& answer : answers) sum += answer.checksum();
  return sum;
}

const WorkloadFigures* WorkloadRow::Find(std::string_view engine) const {
  const auto found =
      std::find_if(engines.begin(), engines.end(), [&](const auto& one) { return one.engine == engine; });
  return found == engines.end() ? nullptr : &*found;
}

bool WorkloadRow::Agrees(const WorkloadFigures& other) const {
  const WorkloadFigures* mine = Find(kTupu);
  if (mine == nullptr) return true;
  const auto both = static_cast<ptrdiff_t>(std::min(mine->answers.size(), other.answers.size()));
  return std::equal(mine->answers.begin(), mine->answers.begin() + both, other.answers.begin());
}

bool WorkloadRow::IsWrong(const WorkloadFigures& other) const {
  return !Agrees(other) && !query->differs.contains(other.engine);
}

bool WorkloadReport::HasWrongAnswer() const {
  return std::any_of(rows.begin(), rows.end(), [](const WorkloadRow& row) {
    return std::any_of(row.engines.begin(), row.engines.end(), [&](const WorkloadFigures& figures) {
      return !figures.failure.empty() || row.IsWrong(figures);
    });
  });
}

std::string WorkloadTable(const WorkloadReport& report) {
  const std::vector<Cells> lines = LinesOf(report);
  std::vector<size_t> widths(lines.front().size(), 0);
  for (const Cells& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], WidthOf(line[i]));
  }
  std::string text = fmt::format("{}, {}; p50 in us\n", report.data, ThreadsText(report.threads));
  for (const Cells& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) {
      const std::string blanks(widths[i] - WidthOf(line[i]), ' ');
      const bool is_text = i == 0 || i + 1 == line.size();
      text += is_text ? line[i] + (i == 0 ? blanks : "") : blanks + line[i];
      if (i + 1 < line.size()) text += "  ";
    }
    text += '\n';
  }
  for (const std::string& note : NotesOf(report)) text += note + '\n';
  return text;
}

std::string WorkloadMarkdown(const std::vector<WorkloadReport>& reports) {
  std::string text = fmt::format("{}, {}; p50 in µs, multiples of tupu's in brackets.\n", TodayText(), MachineText());
  for (const WorkloadReport& report : reports) {
    text += fmt::format("\n**{}, {}**\n\n", report.data, ThreadsText(report.threads));
    const std::vector<Cells> lines = LinesOf(report);
    for (size_t i = 0; i < lines.size(); ++i) {
      for (const std::string& cell : lines[i]) text += "| " + cell + ' ';
      text += "|\n";
      if (i > 0) continue;
      text += "|---|";
      for (size_t column = 2; column < lines[i].size(); ++column) text += "--:|";
      text += "---|\n";
    }
    const std::vector<std::string> notes = NotesOf(report);
    if (!notes.empty()) text += '\n';
    for (const std::string& note : notes) text += "- " + note + '\n';
  }
  return text;
}

std::string WorkloadJson(const std::vector<WorkloadReport>& reports) {
  nlohmann::json all = nlohmann::json::array();
  for (const WorkloadReport& report : reports) {
    nlohmann::json queries = nlohmann::json::array();
    for (const WorkloadRow& row : report.rows) {
      nlohmann::json engines = nlohmann::json::array();
      for (const WorkloadFigures& one : row.engines) engines.push_back(ToJson(row, one));
      queries.push_back({{"query", row.query->id}, {"what", row.query->what}, {"engines", std::move(engines)}});
    }
    all.push_back({{"data", report.data},
                   {"threads", report.threads},
                   {"date", TodayText()},
                   {"machine", MachineText()},
                   {"notes", report.notes},
                   {"queries", std::move(queries)}});
  }
  return all.dump(2) + '\n';
}

}  // namespace tupu
