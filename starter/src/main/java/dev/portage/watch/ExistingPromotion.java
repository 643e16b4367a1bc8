package dev.portage.watch;

import java.time.Instant;

/**
 * A promotion that already exists in Temporal.
 *
 * @param id its id
 * @param ended whether nothing more will happen
 * @param started when it began
 * @param fileHash SHA-256 of the file it was started with; "" when it was started another way
 */
public record ExistingPromotion(String id, boolean ended, Instant started, String fileHash) {}
