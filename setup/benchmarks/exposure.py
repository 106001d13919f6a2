import argparse
from support import databases, plant
from support.dataset import Dataset

def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--lots", type=int, default=1_000_000)
    options = parser.parse_args()
    databases.configure()
    name = f"bench_exposure_{options.lots}"
    progress = databases.Progress()
    dataset = Dataset(name, options.lots, progress)
    print(plant.prepare(name, dataset, progress))

main()
