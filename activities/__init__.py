"""What touches the world: database steps, mail, the payment provider. Side effects only, no decisions."""
