#include "engine/export/csv_folder.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tupu {

namespace {

namespace fs = std::filesystem;

class CsvFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("tupu-csv-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string Read(const std::string& file) const {
    std::ifstream in(folder_ / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  Status Write(const std::vector<Vertex>& vertices, const std::vector<Edge>& edges) const {
    return WriteCsvFolder(folder_.string(), [&](const VertexVisitor& on_vertex, const EdgeVisitor& on_edge) -> Status {
      for (const Vertex& vertex : vertices) TUPU_TRY(on_vertex(vertex));
      for (const Edge& edge : edges) TUPU_TRY(on_edge(edge));
      return {};
    });
  }

  fs::path folder_;
};

}  // namespace

TEST_F(CsvFolder, WritesTypedHeadersAndQuotedFields) {
  const std::vector<Vertex> vertices = {
      {VertexId{1}, {"Firm", "Organization"}, {{"name", Value("a \"b\", c")}, {"rank", Value(1)}, {"share", Value(2)}}},
      {VertexId{2}, {}, {{"aliases", Value(List{Value("x"), Value("y")})}, {"share", Value(0.5)}}}};
  const std::vector<Edge> edges = {{EdgeId{9}, "ACQUIRED", VertexId{1}, VertexId{2}, {{"about", Value("")}}}};
  const Status written = Write(vertices, edges);
  ASSERT_TRUE(written.has_value()) << written.error().message;
  EXPECT_EQ(Read("nodes.csv"),
            ":ID,:LABEL,aliases:string[],name:string,rank:long,share:double\n"
            "1,Firm;Organization,,\"a \"\"b\"\", c\",1,2\n"
            "2,,x;y,,,0.5\n");
  EXPECT_EQ(Read("relationships.csv"), ":START_ID,:END_ID,:TYPE,about:string\n1,2,ACQUIRED,\"\"\n");
}

TEST_F(CsvFolder, RefusesWhatCsvCannotCarryAndLeavesNoHalfFile) {
  const Status written = Write({{VertexId{1}, {}, {{"sources", Value(List{Value("a;b")})}}}}, {});
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(written.error().message, ::testing::HasSubstr("sources"));
  EXPECT_TRUE(fs::is_empty(folder_));
}

}  // namespace tupu
