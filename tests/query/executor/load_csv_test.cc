#include "query/executor/load_csv.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "query/query_fixture.h"

namespace tupu {
namespace {

namespace fs = std::filesystem;

class LoadCsvTest : public testing::Test {
 protected:
  void SetUp() override {
    base_ = fs::temp_directory_path() / ("tupu_load_csv_" + std::to_string(::getpid()));
    fs::remove_all(base_);
    fs::create_directories(base_ / "import/sub");
    fixture_ = QueryFixture::Open();
  }
  void TearDown() override { fs::remove_all(base_); }

  void Write(const std::string& name, const std::string& text) { std::ofstream(base_ / name) << text; }

  /// The rows as texts, or the error's code and message.
  std::string Run(const std::string& text, bool with_folder = true) {
    ExecutionOptions options;
    if (with_folder) options.import_directory = (base_ / "import").string();
    const auto rows = fixture_->Run(text, options);
    if (!rows) return std::string(Name(rows.error().code)) + ": " + rows.error().message;
    std::string out;
    for (const auto& row : *rows) {
      if (!out.empty()) out += " | ";
      for (size_t i = 0; i < row.size(); ++i) out += (i > 0 ? ", " : "") + row[i].ToString();
    }
    return out;
  }

  fs::path base_;
  std::unique_ptr<QueryFixture> fixture_;
};

TEST_F(LoadCsvTest, GivesAListOrAMapARow) {
  Write("import/firms.csv", "name,size,note\n华为,10,\"\"\n\"Acme, Ltd\",,\"say \"\"hi\"\"\"\n");
  EXPECT_EQ(Run("LOAD CSV FROM 'firms.csv' AS row RETURN row"),
            "['name', 'size', 'note'] | ['华为', '10', ''] | ['Acme, Ltd', null, 'say \"hi\"']");
  EXPECT_EQ(
      Run("LOAD CSV WITH HEADERS FROM 'file:///firms.csv' AS row RETURN row.name, toInteger(row.size) AS n, row.note"),
      "'华为', 10, '' | 'Acme, Ltd', null, 'say \"hi\"'");
  Write("import/sub/华.csv", "a;b\n1;2\n");
  EXPECT_EQ(Run("LOAD CSV WITH HEADERS FROM 'sub/华.csv' AS row FIELDTERMINATOR ';' RETURN row"), "{a: '1', b: '2'}");
  EXPECT_EQ(Run("LOAD CSV FROM 'file:///sub/%E5%8D%8E.csv' AS row RETURN row"), "['a;b'] | ['1;2']");
}

TEST_F(LoadCsvTest, SaysWhereARowStands) {
  Write("import/a.csv", "k\n\n\"x\ny\"\nz\n");
  const std::string file = (fs::canonical(base_) / "import/a.csv").string();
  EXPECT_EQ(Run("LOAD CSV WITH HEADERS FROM 'a.csv' AS row RETURN linenumber() AS line, row.k"), "3, 'x\ny' | 5, 'z'");
  EXPECT_EQ(Run("LOAD CSV WITH HEADERS FROM 'a.csv' AS row WITH row.k AS k WHERE k = 'z' RETURN file(), linenumber()"),
            "'" + file + "', 5");
  EXPECT_NE(Run("LOAD CSV FROM 'a.csv' AS row WITH count(row) AS n RETURN linenumber()").find("LOAD CSV"),
            std::string::npos);
  EXPECT_NE(Run("RETURN linenumber()").find("kBind"), std::string::npos);
}

TEST_F(LoadCsvTest, WritesWhatItReads) {
  std::string text = "id,next\n";
  for (int i = 0; i < 3000; ++i) text += std::to_string(i) + "," + std::to_string(i + 1) + "\n";
  Write("import/chain.csv", text);
  EXPECT_EQ(Run("LOAD CSV WITH HEADERS FROM 'chain.csv' AS row CREATE (:N {id: toInteger(row.id)})"), "");
  EXPECT_EQ(Run("LOAD CSV WITH HEADERS FROM 'chain.csv' AS row WITH row WHERE row.id < '2' "
                "MATCH (n:N {id: toInteger(row.id)}) RETURN count(n) AS n"),
            "1112");
  EXPECT_EQ(Run("MATCH (n:N) RETURN count(n) AS n, sum(n.id) AS s"), "3000, 4498500");
  EXPECT_EQ(Run("LOAD CSV FROM 'chain.csv' AS row RETURN row[0] LIMIT 1"), "'id'");
  EXPECT_EQ(Run("UNWIND ['chain.csv', 'chain.csv'] AS f LOAD CSV FROM f AS row RETURN count(*) AS n"), "6002");
}

TEST_F(LoadCsvTest, ReadsNothingOutsideTheFolder) {
  Write("secret.csv", "secret\n");
  fs::create_symlink(base_ / "secret.csv", base_ / "import/link.csv");
  fs::create_directory_symlink(base_, base_ / "import/up");
  fs::create_symlink(base_ / "import/sub", base_ / "import/inside");
  Write("import/sub/a.csv", "in\n");
  const auto read = [&](const std::string& name) { return Run("LOAD CSV FROM '" + name + "' AS row RETURN row"); };
  EXPECT_EQ(read("inside/a.csv"), "['in']");
  for (const std::string name :
       {"../secret.csv", "sub/../../secret.csv", "link.csv", "up/secret.csv", "file:///../secret.csv",
        "file:///%2E%2E/secret.csv", "http://example.org/a.csv", "file://host/a.csv", "", "sub", "."})
    EXPECT_EQ(read(name).find("kInvalidArgument: "), 0u) << name << ": " << read(name);
  EXPECT_EQ(read((base_ / "secret.csv").string()).find("kInvalidArgument: "), 0u);
  EXPECT_EQ(read("none.csv").find("kNotFound: "), 0u);
  EXPECT_NE(Run("LOAD CSV FROM 'sub/a.csv' AS row RETURN row", false).find("no folder to read from"),
            std::string::npos);
}

TEST_F(LoadCsvTest, ErrorsNameFileAndLine) {
  Write("import/long.csv", "a,b\n1,2\n1,2,3\n");
  EXPECT_EQ(Run("LOAD CSV WITH HEADERS FROM 'long.csv' AS row RETURN row"),
            "kInvalidArgument: long.csv:3:5: the row has 3 fields, and the header names 2");
  Write("import/twice.csv", "a,a\n1,2\n");
  EXPECT_EQ(Run("LOAD CSV WITH HEADERS FROM 'twice.csv' AS row RETURN row"),
            "kInvalidArgument: twice.csv:1:3: two columns are named \"a\"");
  Write("import/open.csv", "a\n\"b\n");
  EXPECT_EQ(Run("LOAD CSV FROM 'open.csv' AS row RETURN row").find("kInvalidArgument: open.csv:2:1: "), 0u);
  EXPECT_NE(Run("LOAD CSV FROM 'open.csv' AS row FIELDTERMINATOR '--' RETURN row").find("kInvalidArgument"),
            std::string::npos);
}

}  // namespace
}  // namespace tupu
