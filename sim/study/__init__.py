"""Study: scenarios x models x replications, planned, run on any executor, stored and read again."""
