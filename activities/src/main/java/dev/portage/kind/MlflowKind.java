package dev.portage.kind;

import dev.portage.duplicates.DuplicateRemoval;
import dev.portage.eventlog.EventLog;
import dev.portage.eventlog.FreezeInspection;
import dev.portage.eventlog.LogInspection;
import dev.portage.eventlog.MlflowReleases;
import dev.portage.eventlog.QuarantineInspection;
import dev.portage.eventlog.WorkspaceClearance;
import dev.portage.eventlog.WorkspaceFreezes;
import dev.portage.eventlog.WorkspaceQuarantine;
import dev.portage.mlflow.MlflowInspection;
import dev.portage.mlflow.MlflowRegistry;
import dev.portage.mlflow.MlflowTracking;
import dev.portage.mlflow.MlflowWebhooks;
import dev.portage.platform.AllowedTriggers;
import dev.portage.platform.LiveInspection;
import dev.portage.platform.LiveLooks;
import dev.portage.platform.Workspace;
import dev.portage.platform.WorkspaceAccess;
import dev.portage.platform.WorkspaceInspection;
import dev.portage.platform.WorkspaceKind;
import dev.portage.release.FollowingUp;
import dev.portage.settings.Station.Capability;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.transfer.ExperimentInspection;
import dev.portage.transfer.Transfer;
import dev.portage.turns.GrantNumbers;
import dev.portage.unitycatalog.CatalogArtifacts;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A bare MLflow server: registry and artifacts only. */
public final class MlflowKind implements WorkspaceKind {

  @Override
  public String name() {
    return "mlflow";
  }

  @Override
  public Set<Capability> capabilities() {
    return EnumSet.of(Capability.TRACK, Capability.REGISTER);
  }

  @Override
  public Set<String> keys() {
    return Set.of("user", "password", "reader-user", "reader-password");
  }

  @Override
  public boolean needsHostAndToken() {
    return false;
  }

  @Override
  public List<Object> activities(Workspace workspace, WorkspaceAccess access) {
    PlatformServers servers = new PlatformServers(access);
    ArtifactStores stores = ArtifactStores.standard().and(new CatalogArtifacts.Kind());
    MlflowRegistry registry = new MlflowRegistry(servers);
    MlflowTracking tracking = new MlflowTracking(servers);
    MlflowReleases releases = new MlflowReleases(servers, registry, stores);
    Transfer copies = new Transfer(servers, stores, servers.transfers(workspace.name()));
    AllowedTriggers triggers = new AllowedTriggers(access.logins(), new MlflowWebhooks(servers));
    LiveInspection live = new LiveInspection(tracking, registry, releases, null, null, triggers);
    WorkspaceQuarantine quarantine = new WorkspaceQuarantine(servers);
    WorkspaceFreezes freezes = new WorkspaceFreezes(servers, access.logins()::freezes);
    return List.of(
        tracking,
        registry,
        copies,
        new DuplicateRemoval(copies, registry, null, null),
        releases,
        new EventLog(servers, registry, stores),
        quarantine,
        freezes,
        new WorkspaceClearance(quarantine, freezes),
        new FollowingUp(registry, releases),
        new LiveLooks(live),
        new GrantNumbers(new TagsByName(servers, false)),
        new ModelExamples(servers, stores),
        triggers,
        new WorkspaceInspection(
            access.logins(),
            List.of(
                new MlflowInspection(servers)::inspect,
                new ExperimentInspection(servers, stores)::inspect,
                new LogInspection(servers)::inspect,
                new FreezeInspection(servers, freezes)::inspect,
                new QuarantineInspection(servers, quarantine)::inspect),
            live));
  }
}
