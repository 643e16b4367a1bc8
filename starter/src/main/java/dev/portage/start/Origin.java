package dev.portage.start;

import dev.portage.azuredevops.Pipeline;
import dev.portage.checkout.Checkout;
import dev.portage.checkout.CheckoutException;
import dev.portage.checkout.GitRepository;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which commit of which repository is promoted: the one given, or else the pipeline's, or else the
 * checkout's. A pipeline's facts are those of one repository; if it has checked out several, or the
 * file is in a submodule, they may belong to a different one.
 */
final class Origin {
  private static final Pattern WITH_PASSWORD =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,30}+://[^/@:]*+:[^/@]*+@");

  private final StartRequest request;
  private final Checkout checkout;
  private final Optional<Pipeline> pipeline;
  private final boolean sandbox;

  /**
   * The origin of a wish.
   *
   * @param checkout the checkout around the file
   * @param sandbox whether workspaces read this very checkout
   */
  Origin(StartRequest request, Optional<Pipeline> pipeline, Checkout checkout, boolean sandbox) {
    this.request = request;
    this.checkout = checkout;
    this.pipeline = pipeline.filter(run -> isOf(run, checkout));
    this.sandbox = sandbox;
  }

  /** Whether a pipeline run builds the checkout's repository. */
  private static boolean isOf(Pipeline run, Checkout checkout) {
    Optional<Boolean> told =
        run.repository()
            .flatMap(address ->
                checkout.remotes().stream()
                    .flatMap(remote -> GitRepository.same(address, remote).stream())
                    .reduce(Boolean::logicalOr));
    if (told.orElse(false)) {
      return true;
    }
    // A mirror has another address; next to the folder of the run's own it is another repository.
    boolean beside =
        told.isPresent() && run.sources().filter(top -> !checkout.isAt(top)).isPresent();
    return !beside && run.commit().flatMap(checkout::find).isPresent();
  }

  /**
   * Full id of the commit.
   *
   * @throws CheckoutException when the checkout does not have it
   */
  String commit() {
    Optional<String> built = pipeline.flatMap(Pipeline::commit);
    if (request.commit() != null || built.isEmpty()) {
      return checkout.commit(request.commit() == null ? "HEAD" : request.commit());
    }
    return checkout
        .find(built.get())
        .orElseThrow(() ->
            new CheckoutException(
                "this checkout has no commit \""
                    + built.get()
                    + "\", which the pipeline is building; fetch it (fetchDepth: 0), or name another with --commit"));
  }

  /** Where workspaces get the commit from; empty if unknown. */
  Optional<GitRepository> repository() {
    Optional<GitRepository> found = found();
    String named = request.gitProvider();
    return named == null ? found : found.map(repository -> repository.on(named));
  }

  private Optional<GitRepository> found() {
    String named = request.repository();
    if (named != null) {
      if (WITH_PASSWORD.matcher(named).lookingAt()) {
        throw new StartException(
            "--repository has a password or token in it; leave it out and revoke it: workspaces log in to Git with their own credentials");
      }
      return Optional.of(GitRepository.of(named));
    }
    Optional<String> built = pipeline.flatMap(Pipeline::repository);
    if (built.isPresent()) {
      return built.map(GitRepository::of);
    }
    return sandbox
        ? Optional.of(GitRepository.of(checkout.top().toUri().toString()))
        : firstReadable(checkout.remotes());
  }

  private static Optional<GitRepository> firstReadable(List<String> addresses) {
    for (int i = 0; i < addresses.size(); i++) {
      try {
        return Optional.of(GitRepository.of(addresses.get(i)));
      } catch (CheckoutException e) {
        if (i == addresses.size() - 1) {
          throw e;
        }
      }
    }
    return Optional.empty();
  }
}
