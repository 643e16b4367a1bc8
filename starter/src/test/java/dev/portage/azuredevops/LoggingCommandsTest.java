package dev.portage.azuredevops;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class LoggingCommandsTest {

  @Test
  void valuesAreEscapedAsTheAgentReadsThem() {
    assertThat(LoggingCommands.output("a;b]", "50%\r\nmore ; ]"))
        .isEqualTo("##vso[task.setvariable variable=a%3Bb%5D;isOutput=true]50%AZP25%0D%0Amore ; ]");
    assertThat(LoggingCommands.summary(Path.of("/tmp/report.md")))
        .isEqualTo("##vso[task.uploadsummary]/tmp/report.md");
  }

  @Test
  void textFromOthersIssuesNoCommands() {
    assertThat(LoggingCommands.harmless("##vso[task.setvariable variable=x]y"))
        .isEqualTo("# #vso[task.setvariable variable=x]y");
    assertThat(LoggingCommands.harmless("trace: ##VSO[task.complete result=Succeeded]"))
        .as("the agent looks anywhere in a line, in any case")
        .doesNotContain("##VSO[");
    assertThat(LoggingCommands.harmless("##[error]no")).isEqualTo("# #[error]no");
    assertThat(LoggingCommands.error("x\n##vso[task.complete]done"))
        .isEqualTo("##vso[task.logissue type=error]x%0A# #vso[task.complete]done");
    assertThat(LoggingCommands.harmless("## a heading")).isEqualTo("## a heading");
  }
}
