package dev.portage.localworkspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong field is refused by name, with the allowed ones, before anything is created. */
class StrictFieldsTest {
  private static final String GIT =
      "'git_source':{'git_url':'https://git.example.com/ml','git_provider':'gitHub','git_commit':'"
          + TestWorkspace.COMMIT
          + "'}";

  @AutoClose private final TestWorkspace test;

  StrictFieldsTest(@TempDir Path folder) throws IOException {
    test = TestWorkspace.in(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'nme':'x'} | INVALID_PARAMETER_VALUE | Unknown field 'nme'; allowed are access_control_list",
        "{'name':7} | MALFORMED_REQUEST | 'name' must be a string, not NUMBER",
        "{'name':'a','name':'b'} | MALFORMED_REQUEST | not valid JSON",
        "{'name':'x' | MALFORMED_REQUEST | not valid JSON",
        "{'max_concurrent_runs':-1} | INVALID_PARAMETER_VALUE | 'max_concurrent_runs' must be between 0 and 1000",
        "{'tasks':[{'task_key':'t','notebook_task':{'notebok_path':'n'}}]} | INVALID_PARAMETER_VALUE"
            + " | Unknown field 'tasks[0].notebook_task.notebok_path'; allowed are base_parameters, notebook_path,"
            + " source",
        "{'tasks':[{'notebook_task':{'notebook_path':'n'}}]} | INVALID_PARAMETER_VALUE"
            + " | Missing required field 'tasks[0].task_key'",
        "{'tasks':[{'task_key':'t','spark_jar_task':{}}]} | INVALID_PARAMETER_VALUE"
            + " | 'tasks[0].spark_jar_task' exists on Databricks but is not supported",
        "{'tasks':[{'task_key':'t','notebook_task':{'notebook_path':'n','source':'GIT'}}]} | INVALID_PARAMETER_VALUE"
            + " | has source GIT, but there is no 'git_source'",
        "{GIT,'tasks':[{'task_key':'t','notebook_task':{'notebook_path':'/n'}}]} | INVALID_PARAMETER_VALUE"
            + " | relative to the repository's root",
        "{GIT,'tasks':[{'task_key':'t'}]} | INVALID_PARAMETER_VALUE | exactly one of notebook_task",
        "{'tasks':[{'task_key':'t','python_wheel_task':{'package_name':'p'}}]} | INVALID_PARAMETER_VALUE"
            + " | Missing required field 'tasks[0].python_wheel_task.entry_point'",
        "{'tasks':[{'task_key':'t','python_wheel_task':{'package_name':'p','entry_point':'e','source':'GIT'}}]}"
            + " | INVALID_PARAMETER_VALUE | Unknown field 'tasks[0].python_wheel_task.source'",
        "{'tasks':[{'task_key':'t','python_wheel_task':{'package_name':'p','entry_point':'e','parameters':[],"
            + "'named_parameters':{}}}]} | INVALID_PARAMETER_VALUE | only one of parameters and named_parameters",
        "{'tasks':[{'task_key':'t','python_wheel_task':{'package_name':'p','entry_point':'e'}}]}"
            + " | INVALID_PARAMETER_VALUE | environment_key is required for a Python wheel",
        "{GIT,'tasks':[{'task_key':'t','notebook_task':{'notebook_path':'n'},'job_cluster_key':'c'}]}"
            + " | INVALID_PARAMETER_VALUE | unknown job_cluster_key 'c'",
        "{GIT,'tasks':[{'task_key':'t','notebook_task':{'notebook_path':'n'},'depends_on':[{'task_key':'u'}]}]}"
            + " | INVALID_PARAMETER_VALUE | depends on the unknown task 'u'",
        "{'job_clusters':[{'job_cluster_key':'c','new_cluster':{'spark_version':'16.4.x-cpu-ml-scala2.12',"
            + "'instance_pool_id':'gone'}}]} | INVALID_PARAMETER_VALUE | Instance pool 'gone' does not exist",
        "{'job_clusters':[{'job_cluster_key':'c','new_cluster':{'spark_version':'10.4.x-scala2.12',"
            + "'instance_pool_id':'pool-1'}}]} | INVALID_PARAMETER_VALUE | Invalid spark version 10.4.x-scala2.12",
        "{'job_clusters':[{'job_cluster_key':'c','new_cluster':{'spark_version':'16.4.x-cpu-ml-scala2.12',"
            + "'instance_pool_id':'pool-1','node_type_id':'x'}}]} | INVALID_PARAMETER_VALUE"
            + " | 'node_type_id' cannot be supplied",
        "{'git_source':{'git_url':'https://git.example.com','git_provider':'gitHub'}} | INVALID_PARAMETER_VALUE"
            + " | exactly one of git_branch, git_tag and git_commit",
        "{'git_source':{'git_url':'https://git.example.com','git_provider':'gitHub','git_commit':'main'}}"
            + " | INVALID_PARAMETER_VALUE | must be a commit id in full",
        "{'git_source':{'git_url':'--upload-pack=x','git_provider':'gitHub','git_branch':'main'}}"
            + " | INVALID_PARAMETER_VALUE | must be an https: or file: URL",
        "{'schedule':{'quartz_cron_expression':'0 0 6 * * *','timezone_id':'UTC'}} | INVALID_PARAMETER_VALUE"
            + " | both a day-of-week AND a day-of-month parameter",
        "{'schedule':{'quartz_cron_expression':'0 0 6 * * ?','timezone_id':'Nowhere'}} | INVALID_PARAMETER_VALUE"
            + " | Unknown 'schedule.timezone_id'",
        "{'trigger':{}} | INVALID_PARAMETER_VALUE | 'trigger' must have exactly one of model, periodic",
        "{'trigger':{'periodic':{'interval':1,'unit':'DAYS'},'file_arrival':{'url':'s3://b/'}}}"
            + " | INVALID_PARAMETER_VALUE | 'trigger' must have exactly one of model, periodic",
        "{'trigger':{'model':{'condition':'MODEL_MOVED'}}} | INVALID_PARAMETER_VALUE | 'trigger.model.condition'",
        "{'trigger':{'model':{'condition':'MODEL_VERSION_READY','aliases':['champion']}}}"
            + " | INVALID_PARAMETER_VALUE | can only be used with condition MODEL_ALIAS_SET",
        "{'trigger':{'model':{'condition':'MODEL_CREATED','min_time_between_triggers_seconds':59}}}"
            + " | INVALID_PARAMETER_VALUE | must be between 60 and",
        "{'trigger':{'periodic':{'interval':1,'unit':'DAYS'},'pause_status':'STOPPED'}}"
            + " | INVALID_PARAMETER_VALUE | 'trigger.pause_status'",
        "{'continuous':{'pause_status':'PAUSED'},'trigger':{'periodic':{'interval':1,'unit':'DAYS'}}}"
            + " | INVALID_PARAMETER_VALUE | only one of schedule, trigger and continuous",
        "{'continuous':{},'max_concurrent_runs':2} | INVALID_PARAMETER_VALUE"
            + " | 'max_concurrent_runs' must be 1 for a continuous job",
      })
  void aWrongJobIsRefused(String body, String code, String message)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        test.send(
            "POST",
            "/api/2.2/jobs/create",
            TestWorkspace.ALL,
            body.replace("GIT,", GIT + ",").replace('\'', '"'));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"" + code + "\"").contains(message.replace("\"", "\\\""));
    assertThat(test.send("GET", "/api/2.2/jobs/list", TestWorkspace.ALL, "").body())
        .isEqualTo("{\"has_more\":false}");
  }

  @Test
  void aFieldOfAnotherCallIsRefused() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        test.send(
            "POST", "/api/2.2/jobs/create", TestWorkspace.ALL, "{\"idempotency_token\":\"x\"}");

    assertThat(answer.body()).contains("Unknown field 'idempotency_token'");
  }

  @Test
  void anUnknownQueryParameterIsRefused() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        test.send("GET", "/api/2.2/jobs/list?nmae=x", TestWorkspace.ALL, "");

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("Unknown query parameter 'nmae'");
  }
}
