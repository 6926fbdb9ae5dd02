/** What a controller knows; plain data, so that it goes into a checkpoint. */
export interface KlControl {
  /** Updates seen. */
  readonly step: number
  /** β, the weight of the penalty. */
  readonly coefficient: number
  /** True once training on the present samples should end. */
  readonly stop: boolean
}

/** Decides how much the KL costs as training goes on. */
export interface KlController {
  readonly name: string
  /** Where it begins. */
  readonly initial: KlControl
  /**
   * The control after an update.
   *
   * @param kl observed mean KL to the reference, in nats per sequence
   */
  readonly next: (control: KlControl, kl: number) => KlControl
}
