package dev.portage.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.document.ValidationError;
import dev.portage.settings.PromotionFile;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NotebookCheckTest {
  private static final String HEADER = "# Databricks notebook source";

  private final Map<String, byte[]> files = new HashMap<>();

  @ParameterizedTest
  @ValueSource(
      strings = {
        HEADER,
        HEADER + "\n",
        HEADER + " \r\nx = 1\r\n",
        "\uFEFF" + HEADER + "\r\n",
        HEADER + "\rx = 1\r"
      })
  void sourceFormatIsRecognisedByItsFirstLine(String text) {
    assertThat(errors("train.py", text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "import mlflow\n",
        "\n" + HEADER + "\n",
        "#!/usr/bin/env python\n" + HEADER + "\n",
        "# databricks notebook source\n",
        "#  Databricks notebook source\n"
      })
  void aModuleIsNotANotebookAndItsLineInTheFileIsNamed(String text) {
    assertThat(errors("train.py", text))
        .singleElement()
        .asString()
        .isEqualTo(
            "promotion.yaml:2: train names train.py, which is not a notebook; make \""
                + HEADER
                + "\" its first line, or name it as a program, by script: train.py");
  }

  @Test
  void aNotebookMayBeNamedWithoutItsEnding() {
    files.put("train.ipynb", bytes("{\"cells\": []}"));
    assertThat(check("train").errors()).isEmpty();

    files.put("train.py", bytes("a module beside it"));
    assertThat(check("train").errors()).isEmpty();

    files.put("train.py", bytes(HEADER));
    assertThat(check("train").errors())
        .singleElement()
        .asString()
        .contains("names train, and both train.py and train.ipynb are one; rename one of them");

    files.clear();
    files.put("train2.py", bytes(HEADER));
    assertThat(check("train").errors())
        .singleElement()
        .asString()
        .contains("train names train, which is not in the commit");
  }

  @Test
  void aFileWrittenByPowerShellIsNotANotebook() {
    files.put("train.py", (HEADER + "\n").getBytes(StandardCharsets.UTF_16));

    assertThat(check("train.py").errors()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"cells\": [], \"nbformat\": 4}",
        "\uFEFF{\"cells\": []}",
        "{\"nbformat\": 3, \"worksheets\": [{\"cells\": []}]}",
        "{\"metadata\": {\"cells\": {}}, \"cells\": [{\"outputs\": [{\"data\": NaN}]}]}"
      })
  void jupyterNotebooksAreRecognisedByTheirCells(String text) {
    assertThat(errors("train.ipynb", text)).isEmpty();
  }

  @Test
  void imagesOfAnySizeAreAccepted() {
    String picture = "A".repeat(21_000_000);

    assertThat(errors("train.ipynb", "{\"cells\": [{\"png\": \"" + picture + "\"}]}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"cells\": [",
        "{\"cells\": {}}",
        HEADER,
        "version https://git-lfs"
      })
  void invalidJupyterFilesAreReported(String text) {
    assertThat(errors("train.ipynb", text))
        .singleElement()
        .asString()
        .contains("train.ipynb, which is not a notebook; it is not in Jupyter's format");
  }

  @Test
  void twoNotebooksOfOneNameAreReported() {
    files.put("train.py", bytes(HEADER));

    assertThat(errors("train.ipynb", "{\"cells\": []}"))
        .singleElement()
        .asString()
        .contains("and train.py is a notebook with the same name; rename one of them");

    files.put("train.py", bytes("a module beside it"));

    assertThat(errors("train.ipynb", "{\"cells\": []}")).isEmpty();
  }

  private List<ValidationError> errors(String name, String text) {
    files.put(name, bytes(text));
    return check(name).errors();
  }

  private NotebookCheck check(String name) {
    PromotionFile file =
        switch (PromotionFile.read("promotion.yaml", "model: churn\ntrain: " + name + "\n")) {
          case Reading.Good<PromotionFile>(PromotionFile good) -> good;
          case Reading.Wrong<PromotionFile>(List<ValidationError> errors) ->
              throw new AssertionError(errors);
        };
    return new NotebookCheck(file, files.keySet(), one -> Optional.ofNullable(files.get(one)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
