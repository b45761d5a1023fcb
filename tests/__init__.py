"""Tests mirror bot/; core tests call and compare values, edges meet the real thing."""
