package dev.portage.start;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import dev.portage.document.ValidationError;
import dev.portage.settings.NotebookName;
import dev.portage.settings.PromotionFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Checks that the notebooks a file names exist and are notebooks, before a workspace charges for
 * finding out.
 */
final class NotebookCheck {
  private static final String HEADER = "# Databricks notebook source";
  private static final String SOURCE = ".py";
  private static final String JUPYTER = ".ipynb";

  /** As Jupyter writes them: with NaN in what a cell has shown, and pictures of any size. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private final PromotionFile file;
  private final Collection<String> files;
  private final Function<String, Optional<byte[]>> bytes;

  /**
   * The check of one file.
   *
   * @param files the other files, relative to its folder
   * @param bytes the bytes of one of them; empty if they are not available, and then it isn't
   *     checked
   */
  NotebookCheck(
      PromotionFile file, Collection<String> files, Function<String, Optional<byte[]>> bytes) {
    this.file = file;
    this.files = files;
    this.bytes = bytes;
  }

  /** What is missing or no notebook, each with its line. */
  List<ValidationError> errors() {
    List<ValidationError> errors = new ArrayList<>(file.missingFiles(files));
    file.notebooks()
        .forEach((key, name) -> {
          List<String> there = NotebookName.files(name, files);
          if (!there.isEmpty()) {
            wrong(key, name, there).ifPresent(errors::add);
          }
        });
    return errors;
  }

  /**
   * What is wrong with a notebook.
   *
   * @param there files that the name may mean: two where it has no ending
   */
  private Optional<ValidationError> wrong(String key, String name, List<String> there) {
    List<String> notebooks = new ArrayList<>();
    for (String one : there) {
      Optional<byte[]> content = bytes.apply(one);
      if (content.isEmpty()) {
        return Optional.empty();
      }
      if (isNotebook(one, content.get())) {
        notebooks.add(one);
      }
    }
    if (notebooks.isEmpty()) {
      String first = there.getFirst();
      return Optional.of(
          file.error(
              key,
              key + " names " + first + ", which is not a notebook",
              first.endsWith(JUPYTER)
                  ? "it is not in Jupyter's format; save it again in Jupyter"
                  : "make \""
                      + HEADER
                      + "\" its first line, or name it as a program, by script: "
                      + first));
    }
    if (notebooks.size() > 1) {
      return Optional.of(
          file.error(
              key,
              key + " names " + name + ", and both " + String.join(" and ", notebooks) + " are one",
              "rename one of them: a job names notebooks without their ending"));
    }
    String twin = twin(notebooks.getFirst());
    if (!there.contains(twin)
        && files.contains(twin)
        && bytes.apply(twin).filter(b -> isNotebook(twin, b)).isPresent()) {
      return Optional.of(
          file.error(
              key,
              key + " names " + name + ", and " + twin + " is a notebook with the same name",
              "rename one of them: jobs name notebooks without a file extension"));
    }
    return Optional.empty();
  }

  private static String twin(String name) {
    return name.endsWith(JUPYTER)
        ? name.substring(0, name.length() - JUPYTER.length()) + SOURCE
        : name.substring(0, name.length() - SOURCE.length()) + JUPYTER;
  }

  private static boolean isNotebook(String name, byte[] bytes) {
    return name.endsWith(JUPYTER) ? hasCells(bytes) : firstLine(bytes).equals(HEADER);
  }

  private static String firstLine(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != '\n' && bytes[end] != '\r') {
      end++;
    }
    String line = new String(bytes, 0, end, StandardCharsets.UTF_8);
    return (line.startsWith("\uFEFF") ? line.substring(1) : line).strip();
  }

  /** Of nbformat 4, or 3 with its worksheets. */
  private static boolean hasCells(byte[] bytes) {
    boolean found = false;
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        JsonToken value = json.nextToken();
        found |=
            value == JsonToken.START_ARRAY && (field.equals("cells") || field.equals("worksheets"));
        json.skipChildren();
      }
      return found;
    } catch (IOException notJson) {
      return false;
    }
  }
}
