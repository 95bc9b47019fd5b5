"""A OneBot v11 implementation with simulated groups, for demos, tests and benchmarks."""

from simulator.config import GroupSpec, PersonSpec, SimulatorConfig
from simulator.scenario import Scenario, ScenarioError, load_scenario
from simulator.simulator import Simulator
from simulator.world import WorldError

__all__ = [
    "GroupSpec",
    "PersonSpec",
    "Scenario",
    "ScenarioError",
    "Simulator",
    "SimulatorConfig",
    "WorldError",
    "load_scenario",
]
