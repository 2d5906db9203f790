#include "engine/cli/answer.h"

#include <unistd.h>

#include <cstdio>

#include <fmt/format.h>

#include "engine/cli/terminal.h"
#include "engine/export/dot.h"
#include "engine/export/render.h"

namespace tupu {

namespace {

Status WriteRows(const CommandContext& context, const AnswerChoice& choice, const Answer& answer, OutputSink& sink) {
  const std::unique_ptr<RowWriter> writer = MakeRowWriter(choice.format, sink, LookOf(choice));
  TUPU_TRY(writer->Begin(answer.columns));
  const size_t count = choice.limit == 0 ? answer.rows.size() : std::min<size_t>(choice.limit, answer.rows.size());
  for (size_t i = 0; i < count; ++i) TUPU_TRY(writer->Add(answer.rows[i]));
  TUPU_TRY(writer->End());
  TUPU_TRY(sink.Flush());
  if (count < answer.rows.size()) {
    constexpr Text kMore = {"{} of {} rows shown; -n 0 shows all", "共 {1} 行，显示 {0} 行；-n 0 显示全部"};
    PrintNote(fmt::format(fmt::runtime(context.Say(kMore)), count, answer.rows.size()));
  }
  return {};
}

}  // namespace

Status ShowAnswer(const CommandContext& context, const GraphView& view, const AnswerChoice& choice,
                  const Answer& answer) {
  TUPU_TRY_ASSIGN(OutputSink sink, OpenOutput(choice));
  if (IsPicture(choice.format)) {
    TUPU_TRY_ASSIGN(const Picture picture, answer.picture());
    TUPU_TRY(WritePicture(context, view, choice.format, picture, sink));
  } else {
    TUPU_TRY(WriteRows(context, choice, answer, sink));
  }
  if (!answer.note.empty()) PrintNote(answer.note);
  return sink.Close();
}

Status WritePicture(const CommandContext& context, const GraphView& view, OutputFormat format, const Picture& picture,
                    OutputSink& sink) {
  if (picture.vertices.empty()) {
    return Error{.code = ErrorCode::kInvalidArgument,
                 .message = "there is nothing to draw: the answer holds no vertex, edge or path",
                 .hint = "return vertices and edges, not only their properties"};
  }
  DotOptions options;
  options.language = Code(context.language);
  const std::string dot = ToDot(picture, view.ontology(), options);
  if (format == OutputFormat::kDot) return sink.Write(dot);
  TUPU_TRY_ASSIGN(const std::string drawing, RenderDot(dot, Name(format), {}, context.cancellation));
  return sink.Write(drawing);
}

Result<OutputSink> OpenOutput(const AnswerChoice& choice) {
  if (!choice.file) return OutputSink::OfStandardOutput();
  return OutputSink::OpenFile(*choice.file);
}

TableLook LookOf(const AnswerChoice& choice) {
  if (choice.file) return {};
  return {TerminalWidth(STDOUT_FILENO), WantsColour(STDOUT_FILENO)};
}

void PrintNote(std::string_view text) {
  const std::string line = std::string(text) + "\n";
  std::fputs(line.c_str(), stderr);
}

}  // namespace tupu
