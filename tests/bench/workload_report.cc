#include "tests/bench/workload_report.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tupu {
namespace {

/// Three digits that count.
std::string Microseconds(double value) {
  if (value >= 100) return fmt::format("{:.0f}", value);
  return fmt::format("{:.{}f}", value, value >= 10 ? 1 : 2);
}

std::string RatioText(const WorkloadRow& row, const WorkloadFigures& other) {
  if (&other == &row.engines.front() || row.engines.front().wall_us.empty()) return "";
  return fmt::format("{:.2f}x", other.Percentile(0.5) / row.engines.front().Percentile(0.5));
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
  const std::vector<WorkloadAnswer>& mine = engines.front().answers;
  const auto both = static_cast<ptrdiff_t>(std::min(mine.size(), other.answers.size()));
  return std::equal(mine.begin(), mine.begin() + both, other.answers.begin());
}

void PrintWorkload(const std::vector<WorkloadRow>& rows, std::FILE* out) {
  fmt::print(out, "{:14} {:8} {:>10} {:>10} {:>10} {:>10} {:>7} {:>9}  {:16}  {}\n", "query", "engine", "p50 us", "p99",
             "mean", "CPU us", "calls", "ratio", "checksum", "what");
  for (const WorkloadRow& row : rows) {
    for (const WorkloadFigures& one : row.engines) {
      fmt::print(out, "{:14} {:8} ", row.query->id, one.engine);
      if (!one.failure.empty()) {
        fmt::print(out, "{}\n", one.failure);
        continue;
      }
      fmt::print(out, "{:>10} {:>10} {:>10} {:>10} {:7} {:>9}  {:016x}  {}\n", Microseconds(one.Percentile(0.5)),
                 Microseconds(one.Percentile(0.99)), Microseconds(one.MeanWall()), Microseconds(one.MeanCpu()),
                 one.wall_us.size(), RatioText(row, one), one.Checksum(),
                 row.Agrees(one) ? row.query->what : "DIFFERS from " + row.engines.front().engine);
    }
  }
}

Status WriteWorkloadJson(const std::vector<WorkloadRow>& rows, const std::string& path) {
  nlohmann::json all = nlohmann::json::array();
  for (const WorkloadRow& row : rows) {
    nlohmann::json engines = nlohmann::json::array();
    for (const WorkloadFigures& one : row.engines) engines.push_back(ToJson(row, one));
    all.push_back({{"query", row.query->id}, {"what", row.query->what}, {"engines", std::move(engines)}});
  }
  std::ofstream file(path);
  file << all.dump(2) << '\n';
  file.close();
  if (!file) return Error{ErrorCode::kIo, fmt::format("{}: cannot be written", path)};
  return {};
}

}  // namespace tupu
