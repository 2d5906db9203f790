// Writes the generated firm graph as neo4j-admin CSV. Sizes of the tables of figures: s0.1 = 100000 edges,
// s1 = 1000000, s10 = 10000000, s100 = 100000000. Usage: tupu_firm_graph --edges N [--seed S] --out DIRECTORY

#include <charconv>
#include <cstdio>
#include <optional>

#include <fmt/format.h>

#include "tests/bench/firm_graph.h"

namespace {

std::optional<uint64_t> ToNumber(std::string_view text) {
  uint64_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

int Usage() {
  fmt::print(stderr, "usage: tupu_firm_graph --edges N [--seed S] --out DIRECTORY (N at least 100)\n");
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  tupu::FirmGraphOptions options;
  std::string directory;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    if (i + 1 == argc) return Usage();
    const std::string_view value = argv[i + 1];
    const std::optional<uint64_t> number = ToNumber(value);
    if (name == "--out") {
      directory = value;
    } else if (name == "--edges" && number && *number >= 100) {
      options.edges = *number;
    } else if (name == "--seed" && number) {
      options.seed = *number;
    } else {
      return Usage();
    }
  }
  if (directory.empty()) return Usage();
  const tupu::FirmGraph graph(options);
  const tupu::Status written = tupu::WriteFirmGraph(graph, directory);
  if (!written) {
    fmt::print(stderr, "{}\n", written.error().message);
    return 1;
  }
  fmt::print("{}: {} vertices, {} edges, seed {}\n", directory, graph.vertices(), options.edges, options.seed);
  return 0;
}
