print("modelgate")
