"""What people read in their mail: French, and nowhere else."""
