#include "tests/bench/firm_graph.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <numeric>

#include <fmt/format.h>

namespace tupu {

namespace {

constexpr size_t kPieceBytes = 128 << 10;

struct NamePart {
  std::string_view chinese;
  std::string_view english;
};
constexpr std::array<NamePart, 8> kPlaces = {{{"华东", "Eastern"},
                                              {"深圳", "Shenzhen"},
                                              {"北京", "Beijing"},
                                              {"江南", "Jiangnan"},
                                              {"西部", "Western"},
                                              {"滨海", "Coastal"},
                                              {"中原", "Central"},
                                              {"岭南", "Lingnan"}}};
constexpr std::array<NamePart, 8> kTrades = {{{"智联", "Smart Link"},
                                              {"数据", "Data"},
                                              {"云计算", "Cloud"},
                                              {"传感", "Sensor"},
                                              {"光电", "Photonics"},
                                              {"通信", "Telecom"},
                                              {"安防", "Security"},
                                              {"能源", "Energy"}}};
// By FirmLabel.
constexpr std::array<NamePart, 5> kEndings = {{{"科技有限公司", "Technology Co., Ltd."},
                                               {"平台", "Platform"},
                                               {"领域", "Segment"},
                                               {"市", "District"},
                                               {"行动计划", "Action Plan"}}};

/// SplitMix64's finaliser (Steele, Lea, Flood 2014).
uint64_t Mix(uint64_t v) {
  v += 0x9E3779B97F4A7C15ull;
  v = (v ^ (v >> 30)) * 0xBF58476D1CE4E5B9ull;
  v = (v ^ (v >> 27)) * 0x94D049BB133111EBull;
  return v ^ (v >> 31);
}

/// In [0, 1), 53 bits.
double Unit(uint64_t random) {
  return static_cast<double>(random >> 11) * 0x1p-53;
}

/// A rank below `count` whose frequency falls as rank^-0.6: sqrt is exact, so every machine gives the same rank.
uint64_t PowerLawRank(uint64_t random, uint64_t count) {
  const double u = Unit(random);
  const double position = u * u * std::sqrt(u);
  return static_cast<uint64_t>(position * static_cast<double>(count));
}

void AppendNumber(std::string& out, uint64_t number) {
  std::array<char, 20> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), static_cast<size_t>(end - digits.data()));
}

void AppendThousandths(std::string& out, int thousandths) {
  out.append("0.");
  for (const int unit : {100, 10, 1}) out.push_back(static_cast<char>('0' + thousandths / unit % 10));
}

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

class OutputFile {
 public:
  explicit OutputFile(std::string path) : path_(std::move(path)), file_(std::fopen(path_.c_str(), "wb")) {}

  Status Write(std::string_view text) {
    if (file_ != nullptr && std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size()) return {};
    return Failed();
  }
  Status Close() { return file_ != nullptr && std::fflush(file_.get()) == 0 ? Status() : Failed(); }

 private:
  Error Failed() const { return Error{ErrorCode::kIo, path_ + ": cannot be written; check the path and the disk"}; }

  std::string path_;
  std::unique_ptr<std::FILE, CloseFile> file_;
};

}  // namespace

FirmGraph::FirmGraph(const FirmGraphOptions& options) : seed_(options.seed) {
  const uint64_t vertices = std::max<uint64_t>(options.edges / 10, 10);
  std::array<uint64_t, kFirmLabels.size()> counts{};
  uint64_t others = 0;
  for (size_t i = 1; i < counts.size(); ++i) {
    counts[i] = std::max<uint64_t>(1, vertices * static_cast<uint64_t>(kFirmLabels[i].per_thousand) / 1000);
    others += counts[i];
  }
  counts[0] = vertices - others;
  std::partial_sum(counts.begin(), counts.end(), first_.begin() + 1);
  uint64_t later = 0;
  for (size_t i = 1; i < edges_.size(); ++i) {
    edges_[i] = options.edges * static_cast<uint64_t>(kFirmEdgeTypes[i].percent) / 100;
    later += edges_[i];
  }
  edges_[0] = options.edges - later;
  // A stride without common divisor visits every firm once.
  firm_stride_ = static_cast<uint64_t>(static_cast<double>(counts[0]) * 0.6180339887) | 1;
  while (std::gcd(firm_stride_, counts[0]) != 1) firm_stride_ += 2;
}

uint64_t FirmGraph::Random(uint64_t stream, uint64_t number) const {
  return Mix(Mix(seed_ ^ stream << 56) + number);
}

uint64_t FirmGraph::FirmOfRank(uint64_t rank) const {
  const uint64_t firms = CountOf(FirmLabel::kFirm);
  return static_cast<uint64_t>(static_cast<unsigned __int128>(rank) * firm_stride_ % firms);
}

void FirmGraph::NameOf(FirmLabel label, uint64_t number, std::string& out) const {
  const uint64_t random = Random(0x40 + Index(label), number);
  const NamePart& place = kPlaces[random % kPlaces.size()];
  const NamePart& trade = kTrades[random / kPlaces.size() % kTrades.size()];
  const NamePart& ending = kEndings[Index(label)];
  out.clear();
  if (number % 2 == 0) {
    out.append(place.chinese).append(trade.chinese);
    AppendNumber(out, number);
    out.append(ending.chinese);
  } else {
    out.append(place.english).append(" ").append(trade.english).append(" ");
    AppendNumber(out, number);
    out.append(" ").append(ending.english);
  }
}

FirmGraph::Edge FirmGraph::EdgeAt(size_t type, uint64_t number) const {
  const FirmEdgeShare& share = kFirmEdgeTypes[type];
  const uint64_t firms = CountOf(FirmLabel::kFirm);
  const uint64_t ends = CountOf(share.end);
  Edge edge;
  // Each firm has its seat: as many edges as firms, or as near as rounding leaves it.
  const bool one_each = share.name == "LOCATED_IN";
  edge.start = one_each ? FirmOfRank(number % firms) : FirmOfRank(PowerLawRank(Random(2 * type, number), firms));
  const uint64_t rank = PowerLawRank(Random(2 * type + 1, number), ends);
  if (share.end == FirmLabel::kFirm) {
    // Who sells much need not buy much: the ranks of ends are another order of the firms.
    edge.end = firms - 1 - FirmOfRank(rank);
    if (edge.end == edge.start) edge.end = (edge.end + 1) % firms;
  } else {
    edge.end = FirstIdOf(share.end) + rank;
  }
  const uint64_t random = Random(0x80 + type, number);
  edge.since = 1990 + static_cast<int>(random % 32);
  edge.weight_thousandths = static_cast<int>((random >> 8) % 1000);
  return edge;
}

Status WriteFirmVertices(const FirmGraph& graph, const FirmLabelShare& label,
                         const std::function<Status(std::string_view)>& write) {
  std::string text = "id:ID{id-type:long},name,:LABEL\n";
  std::string name;
  for (uint64_t number = 0; number < graph.CountOf(label.label); ++number) {
    graph.NameOf(label.label, number, name);
    AppendNumber(text, graph.FirstIdOf(label.label) + number);
    const bool quoted = name.find(',') != std::string::npos;
    text.append(quoted ? ",\"" : ",").append(name).append(quoted ? "\"," : ",").append(label.name).push_back('\n');
    if (text.size() < kPieceBytes) continue;
    TUPU_TRY(write(text));
    text.clear();
  }
  return write(text);
}

Status WriteFirmEdges(const FirmGraph& graph, size_t type, const std::function<Status(std::string_view)>& write) {
  std::string text = ":START_ID,:END_ID,:TYPE,since:int,weight:float\n";
  const std::string_view name = kFirmEdgeTypes[type].name;
  for (uint64_t number = 0; number < graph.EdgesOf(type); ++number) {
    const FirmGraph::Edge edge = graph.EdgeAt(type, number);
    AppendNumber(text, edge.start);
    text.push_back(',');
    AppendNumber(text, edge.end);
    text.append(",").append(name).push_back(',');
    AppendNumber(text, static_cast<uint64_t>(edge.since));
    text.push_back(',');
    AppendThousandths(text, edge.weight_thousandths);
    text.push_back('\n');
    if (text.size() < kPieceBytes) continue;
    TUPU_TRY(write(text));
    text.clear();
  }
  return write(text);
}

Status WriteFirmGraph(const FirmGraph& graph, const std::string& directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) return Error{ErrorCode::kIo, fmt::format("{}: cannot be made: {}", directory, failed.message())};
  for (const FirmLabelShare& label : kFirmLabels) {
    OutputFile file(fmt::format("{}/{}", directory, label.file));
    TUPU_TRY(WriteFirmVertices(graph, label, [&](std::string_view text) { return file.Write(text); }));
    TUPU_TRY(file.Close());
  }
  for (size_t type = 0; type < kFirmEdgeTypes.size(); ++type) {
    OutputFile file(fmt::format("{}/{}", directory, kFirmEdgeTypes[type].file));
    TUPU_TRY(WriteFirmEdges(graph, type, [&](std::string_view text) { return file.Write(text); }));
    TUPU_TRY(file.Close());
  }
  return {};
}

}  // namespace tupu
