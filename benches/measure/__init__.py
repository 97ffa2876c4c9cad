"""Measures guuru against what people would use instead: see benches/compare."""
