#include "tests/bench/workload_engine.h"

#include <chrono>

#include <fmt/format.h>

#include "tests/bench/measure.h"

namespace tupu {
namespace {

constexpr uint64_t kFnvPrime = 1099511628211ull;

double MicrosecondsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

void WorkloadAnswer::Add(std::string_view text) {
  for (const char byte : text) row_ = (row_ ^ static_cast<unsigned char>(byte)) * kFnvPrime;
  row_ = (row_ ^ 0x1F) * kFnvPrime;
}

void WorkloadAnswer::Add(int64_t integer) {
  Add(std::string_view(fmt::format_int(integer).c_str()));
}

void WorkloadAnswer::Add(const Value& value) {
  switch (value.type()) {
    case ValueType::kInteger: return Add(value.AsInteger());
    case ValueType::kString: return Add(std::string_view(value.AsString()));
    default: return Add(std::string_view(value.ToString()));  // null, true and false; others are in no workload
  }
}

void WorkloadAnswer::EndRow() {
  ++rows_;
  checksum_ += row_;
  row_ = kFnvOffset;
}

Result<std::vector<WorkloadAnswer>> InProcessEngine::Answer(const WorkloadQuery& query, double seconds) {
  TUPU_TRY(Start(query));
  std::vector<WorkloadAnswer> answers;
  const auto begin = std::chrono::steady_clock::now();
  for (const Map& input : query.inputs) {
    TUPU_TRY(Call(input, &answers.emplace_back()));
    if (MicrosecondsSince(begin) > seconds * 1e6) break;
  }
  return answers;
}

Result<WorkloadCalls> InProcessEngine::Measure(const WorkloadQuery& query, double seconds) {
  TUPU_TRY(Start(query));
  WorkloadCalls calls;
  calls.wall_us.reserve(query.CallsOfRound());
  const double cpu = CpuSeconds();
  const auto begin = std::chrono::steady_clock::now();
  for (size_t i = 0; i < query.CallsOfRound(); ++i) {
    const auto call = std::chrono::steady_clock::now();
    TUPU_TRY(Call(query.inputs[i % query.inputs.size()], nullptr));
    calls.wall_us.push_back(MicrosecondsSince(call));
    if (MicrosecondsSince(begin) > seconds * 1e6) break;
  }
  calls.cpu_us = (CpuSeconds() - cpu) * 1e6;
  return calls;
}

}  // namespace tupu
