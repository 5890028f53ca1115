"""The earlier system's rows move over, verdicts first."""
