package dev.portage.localworkspace.jobs;

import java.nio.file.Path;
import java.util.List;

/**
 * A task that is about to run.
 *
 * @param ids which task it is
 * @param work what it does, with all parameters in place
 * @param places where it finds and leaves files
 * @param cluster what its cluster is started with, with the values of secrets
 * @param libraries what it has to be able to import, as lines of a requirements file, wheels and
 *     jars by path
 * @param runAs the user it runs as
 */
public record TaskLaunch(
    Ids ids,
    Work work,
    Places places,
    ClusterSettings cluster,
    List<String> libraries,
    String runAs) {

  /**
   * Which task it is.
   *
   * @param job the job; runs without a job have one of their own
   * @param jobRun the run of the job
   * @param taskRun the run of this task
   * @param taskKey its key
   * @param ephemeral whether it was submitted without a job
   */
  public record Ids(long job, long jobRun, long taskRun, String taskKey, boolean ephemeral) {}

  /**
   * Where a task finds and leaves files.
   *
   * @param checkout the root of the checked-out repository; empty where only wheels run
   * @param own a folder of this task run alone, for its log and working files
   * @param shared a folder of the whole job run
   */
  public record Places(Path checkout, Path own, Path shared) {}
}
