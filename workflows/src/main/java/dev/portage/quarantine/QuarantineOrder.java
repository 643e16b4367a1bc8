package dev.portage.quarantine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Order to refuse a candidate.
 *
 * @param workspace where it is refused
 * @param model full name of the registered model there
 * @param digest digest of the candidate's manifest
 * @param commit full id of the commit it was trained from, null when unknown
 * @param version its version in that workspace, null if it was never registered there
 * @param why what happened to it
 * @param source workflow id of the promotion or rollback that orders it
 * @param by who rejected it or ordered the rollback
 * @param reason why, in that person's words; null for none
 * @param at when
 */
public record QuarantineOrder(
    String workspace,
    String model,
    String digest,
    @Nullable String commit,
    @Nullable String version,
    Quarantined.Why why,
    String source,
    String by,
    @Nullable String reason,
    Instant at) {}
