#include "engine/cli/shared_options.h"

namespace tupu {

std::vector<OptionSpec> EveryCommandOptions() {
  return {
      {.name = "db",
       .letter = 'd',
       .value = "DIR",
       .help = {"the database; else $TUPU_DB, else the one in this folder",
                "数据库目录；缺省为 $TUPU_DB，再为当前目录中唯一的数据库"}},
      {.name = "lang",
       .value = "zh|en",
       .help = {"language of headings, legends and messages (from LANG)", "表头、图例与消息的语言（缺省取自 LANG）"}},
      {.name = "help", .letter = 'h', .help = {"show this help", "显示本帮助"}}};
}

std::vector<OptionSpec> AnswerOptions() {
  return {{.name = "limit", .letter = 'n', .value = "N", .help = {"at most N rows (0: all)", "最多 N 行（0 为全部）"}},
          {.name = "format",
           .value = "FORMAT",
           .help = {"table, json, jsonl, csv, dot, svg or png", "输出格式：table、json、jsonl、csv、dot、svg 或 png"}},
          {.name = "output",
           .letter = 'o',
           .value = "FILE",
           .help = {"write to FILE; its extension chooses the format", "写入文件；扩展名决定格式"}},
          {.name = "timeout", .value = "SECONDS", .help = {"stop after so long", "超过该秒数即停止"}},
          CacheMemoryOption()};
}

OptionSpec CacheMemoryOption() {
  return {.name = "cache-memory",
          .value = "MIB",
          .help = {"memory for caches, CSRs, columns and running queries together (2048)",
                   "缓存、CSR、属性列与运行中查询合计可用的内存，单位 MiB（缺省 2048）"}};
}

std::vector<OptionSpec> EdgeOptions() {
  return {
      {.name = "types", .value = "T,..", .help = {"only edges of these types", "只看这些类型的关系"}, .repeated = true},
      {.name = "family",
       .value = "FAMILY",
       .help = {"only edges of this family: cooperation, ownership, supply, structure, activity, document",
                "只看这一族的关系：cooperation、ownership、supply、structure、activity、document"}}};
}

OptionSpec GroupOption() {
  return {.name = "group", .help = {"count brands and subsidiaries with their group", "品牌与子公司计入其集团"}};
}

std::vector<OptionSpec> JoinOptions(std::initializer_list<std::vector<OptionSpec>> lists) {
  std::vector<OptionSpec> all;
  for (const std::vector<OptionSpec>& list : lists) all.insert(all.end(), list.begin(), list.end());
  const std::vector<OptionSpec> every = EveryCommandOptions();
  all.insert(all.end(), every.begin(), every.end());
  return all;
}

Result<AnswerChoice> ReadAnswerChoice(const Arguments& arguments, uint64_t default_limit, OutputFormat fallback) {
  AnswerChoice choice;
  choice.file = arguments.Find("output");
  TUPU_TRY_ASSIGN(choice.format, ChooseFormat(arguments.Find("format"), choice.file, fallback));
  TUPU_TRY_ASSIGN(choice.limit, arguments.GetCount("limit", default_limit));
  return choice;
}

EdgeChoice ReadEdgeChoice(const Arguments& arguments) {
  return {arguments.GetList("types"), arguments.Find("family").value_or("")};
}

}  // namespace tupu
