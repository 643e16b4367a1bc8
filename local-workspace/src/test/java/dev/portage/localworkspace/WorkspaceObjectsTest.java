package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.databricks.sdk.core.error.platform.BadRequest;
import com.databricks.sdk.core.error.platform.InvalidParameterValue;
import com.databricks.sdk.core.error.platform.NotFound;
import com.databricks.sdk.core.error.platform.PermissionDenied;
import com.databricks.sdk.core.error.platform.ResourceAlreadyExists;
import com.databricks.sdk.service.jobs.NotebookTask;
import com.databricks.sdk.service.jobs.Source;
import com.databricks.sdk.service.jobs.SparkPythonTask;
import com.databricks.sdk.service.jobs.SubmitRun;
import com.databricks.sdk.service.jobs.SubmitTask;
import com.databricks.sdk.service.workspace.Delete;
import com.databricks.sdk.service.workspace.ExportRequest;
import com.databricks.sdk.service.workspace.Import;
import com.databricks.sdk.service.workspace.ImportFormat;
import com.databricks.sdk.service.workspace.Language;
import com.databricks.sdk.service.workspace.ObjectInfo;
import com.databricks.sdk.service.workspace.ObjectType;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders, notebooks and files of the workspace itself, through Databricks' own client. */
class WorkspaceObjectsTest {
  private static final String NOTEBOOK = "# Databricks notebook source\nprint(1)\n";

  @AutoClose private final TestWorkspace test;

  WorkspaceObjectsTest(@TempDir Path folder) throws IOException {
    test = TestWorkspace.in(folder);
  }

  @Test
  void everyWorkspaceHasAFolderForAllAndAHomeForEachUser() {
    assertThat(typeOf("/")).isEqualTo(ObjectType.DIRECTORY);
    assertThat(typeOf("/Shared")).isEqualTo(ObjectType.DIRECTORY);
    assertThat(typeOf("/Workspace/Users/ana@example.com")).isEqualTo(ObjectType.DIRECTORY);
    assertThatThrownBy(() -> typeOf("/Users/nobody@example.com"))
        .isInstanceOf(NotFound.class)
        .hasMessageContaining("Path (/Users/nobody@example.com) doesn't exist.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "SOURCE  | PYTHON | /Shared/a       | /Shared/a     | NOTEBOOK",
        "-       | PYTHON | /Shared/a.py    | /Shared/a.py  | NOTEBOOK",
        "AUTO    | -      | /Shared/a.py    | /Shared/a     | NOTEBOOK",
        "AUTO    | -      | /Shared/a.txt   | /Shared/a.txt | FILE",
        "RAW     | -      | /Shared/a.json  | /Shared/a.json | FILE",
        "JUPYTER | -      | /Shared/a       | /Shared/a     | NOTEBOOK",
        "AUTO    | -      | /Shared/a.ipynb | /Shared/a     | NOTEBOOK"
      })
  void importsBecomeNotebooksOrFilesByFormatEndingAndFirstLine(
      @Nullable ImportFormat format,
      @Nullable Language language,
      String path,
      String found,
      ObjectType type) {
    put(path, format, language, NOTEBOOK, false);

    assertThat(typeOf(found)).isEqualTo(type);
    assertThat(exported(found)).isEqualTo(NOTEBOOK);
    assertThat(list("/Shared")).extracting(ObjectInfo::getPath).containsExactly(found);
  }

  @Test
  void plainPythonStaysAFileAndSourceFormatBecomesANotebook() {
    put("/Shared/lib.py", ImportFormat.AUTO, null, "X = 1\n", false);
    put("/Shared/train", ImportFormat.SOURCE, Language.PYTHON, "print(1)\n", false);

    assertThat(typeOf("/Shared/lib.py")).isEqualTo(ObjectType.FILE);
    assertThat(exported("/Shared/lib.py")).isEqualTo("X = 1\n");
    assertThat(typeOf("/Shared/train")).isEqualTo(ObjectType.NOTEBOOK);
    assertThat(exported("/Shared/train")).isEqualTo(NOTEBOOK);
  }

  @Test
  void nothingIsCreatedWithoutItsFolderNorReplacedUnasked() {
    assertThatThrownBy(() -> put("/Shared/team/a", ImportFormat.RAW, null, "1", false))
        .isInstanceOf(NotFound.class)
        .hasMessageContaining("The parent folder (/Shared/team) does not exist.");
    test.client.workspace().mkdirs("/Workspace/Shared/team/deep");
    test.client.workspace().mkdirs("/Shared/team/deep");
    put("/Shared/team/a", ImportFormat.RAW, null, "1", false);

    assertThatThrownBy(() -> put("/Shared/team/a", ImportFormat.RAW, null, "2", false))
        .isInstanceOf(ResourceAlreadyExists.class)
        .hasMessageContaining("Path (/Shared/team/a) already exists.");
    assertThatThrownBy(() -> test.client.workspace().mkdirs("/Shared/team/a/b"))
        .isInstanceOf(ResourceAlreadyExists.class)
        .hasMessageContaining("Path (/Shared/team/a) already exists.");
    put("/Shared/team/a", ImportFormat.RAW, null, "2", true);
    assertThat(exported("/Shared/team/a")).isEqualTo("2");
    assertThat(list("/Shared/team"))
        .extracting(ObjectInfo::getPath)
        .containsExactly("/Shared/team/a", "/Shared/team/deep");
  }

  @Test
  void aFolderIsDeletedWithItsContentsOnlyOnRequest() {
    test.client.workspace().mkdirs("/Shared/team");
    put("/Shared/team/a", ImportFormat.RAW, null, "1", false);

    assertThatThrownBy(() -> test.client.workspace().delete(new Delete().setPath("/Shared/team")))
        .isInstanceOf(BadRequest.class)
        .hasMessageContaining("is not empty");
    test.client.workspace().delete(new Delete().setPath("/Shared/team").setRecursive(true));
    assertThatThrownBy(() -> typeOf("/Shared/team")).isInstanceOf(NotFound.class);
  }

  @Test
  void aBundlesFileIsPutByItsUrl() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        test.send(
            "POST",
            "/api/2.0/workspace-files/import-file/Workspace/Shared/a%20b.py?overwrite=true",
            TestWorkspace.ALL,
            NOTEBOOK);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(typeOf("/Shared/a b")).isEqualTo(ObjectType.NOTEBOOK);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Shared", "/Shared/../x", "/Shared/./x", "/Shared/a\\b"})
  void aPathThatLeadsElsewhereIsRefused(String path) {
    assertThatThrownBy(() -> put(path, ImportFormat.RAW, null, "1", false))
        .isInstanceOf(InvalidParameterValue.class);
  }

  @Test
  void readersCannotPutFiles() {
    var viewer = Clients.of(test.workspace.host(), TestWorkspace.VIEWER);

    assertThat(viewer.workspace().getStatus("/Shared").getObjectType())
        .isEqualTo(ObjectType.DIRECTORY);
    assertThatThrownBy(() -> viewer.workspace().mkdirs("/Shared/x"))
        .isInstanceOf(PermissionDenied.class);
  }

  @Test
  void workspaceCodeIsNamedByAFullPathAndNeedsNoRepository() {
    assertThat(submitted(new NotebookTask().setNotebookPath("/Shared/train"))).isPositive();
    assertThat(
            submitted(
                new NotebookTask().setNotebookPath("/Shared/train").setSource(Source.WORKSPACE)))
        .isPositive();
    assertThatThrownBy(() -> submitted(new NotebookTask().setNotebookPath("train")))
        .isInstanceOf(InvalidParameterValue.class)
        .hasMessageContaining("absolute paths");
    assertThatThrownBy(() ->
            test.submit(
                new SubmitRun()
                    .setTasks(
                        List.of(
                            new SubmitTask()
                                .setTaskKey("main")
                                .setSparkPythonTask(
                                    new SparkPythonTask().setPythonFile("dbfs:/train.py"))))))
        .isInstanceOf(InvalidParameterValue.class);
  }

  private long submitted(NotebookTask task) {
    return test.submit(
        new SubmitRun()
            .setTasks(List.of(new SubmitTask().setTaskKey("main").setNotebookTask(task))));
  }

  private @Nullable ObjectType typeOf(String path) {
    return test.client.workspace().getStatus(path).getObjectType();
  }

  private List<ObjectInfo> list(String path) {
    return StreamSupport.stream(test.client.workspace().list(path).spliterator(), false).toList();
  }

  private String exported(String path) {
    String content = test.client.workspace().export(new ExportRequest().setPath(path)).getContent();
    return new String(Base64.getDecoder().decode(content), StandardCharsets.UTF_8);
  }

  private void put(
      String path,
      @Nullable ImportFormat format,
      @Nullable Language language,
      String content,
      boolean overwrite) {
    test.client
        .workspace()
        .importContent(
            new Import()
                .setPath(path)
                .setFormat(format)
                .setLanguage(language)
                .setOverwrite(overwrite)
                .setContent(
                    Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8))));
  }
}
