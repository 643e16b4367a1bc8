package dev.portage.localworkspace.jobs;

import java.nio.file.Path;
import java.util.List;

/**
 * A task that is about to run.
 *
 * @param jobId the job; runs without a job have one of their own
 * @param jobRunId the run of the job
 * @param taskRunId the run of this task
 * @param taskKey its key
 * @param ephemeral whether it was submitted without a job
 * @param work what it does, with all parameters in place
 * @param checkout the root of the checked-out repository; empty where only wheels run
 * @param commit the commit in it; also empty then
 * @param folder a folder of this task run alone, for its log and working files
 * @param sharedFolder a folder of the whole job run
 * @param cluster what its cluster is started with, with the values of secrets
 * @param libraries what it has to be able to import, as lines of a requirements file, wheels and
 *     jars by path
 * @param runAs the user it runs as
 */
public record TaskLaunch(
    long jobId,
    long jobRunId,
    long taskRunId,
    String taskKey,
    boolean ephemeral,
    Work work,
    Path checkout,
    String commit,
    Path folder,
    Path sharedFolder,
    ClusterSettings cluster,
    List<String> libraries,
    String runAs) {}
