package dev.portage.gate;

import dev.portage.plan.Plan;

/**
 * The gates to evaluate, and the plan that their results are bound to.
 *
 * @param input what the gates look at
 * @param candidateDigest digest of the candidate's manifest
 * @param plan what will be done
 */
public record EvaluationOrder(GateInput input, String candidateDigest, Plan plan) {}
